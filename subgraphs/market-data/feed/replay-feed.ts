import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import { MalformedFrameError } from './malformed-frame.ts';
import type { MarketFeed } from './market-feed.ts';
import type { RecordedMoment, RecordedSession } from './recorded-session.ts';

/** So many moments at most between two turns of the event loop. */
const BATCH_MOMENTS = 64;
/** What lies between the end of a recording and its beginning when it is played again. */
const LOOP_PAUSE_MS = 100;

/** Plays a recorded session through the decoders of a live connection. */
export class ReplayFeed implements MarketFeed {
  readonly venue: string;
  readonly isPausable: boolean;
  readonly #session: RecordedSession;
  readonly #pace: ReplayPace;
  readonly #loop: boolean;
  readonly #onMalformed: (error: MalformedFrameError) => void;

  constructor(options: {
    readonly session: RecordedSession;
    readonly speed: number | 'max';
    readonly loop: boolean;
    readonly clock: Clock;
    readonly onMalformed: (error: MalformedFrameError) => void;
  }) {
    this.venue = options.session.venue;
    this.isPausable = options.speed === 'max';
    this.#session = options.session;
    this.#pace = new ReplayPace(options.speed, options.clock);
    this.#loop = options.loop;
    this.#onMalformed = options.onMalformed;
  }

  async *events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    let shiftMs = 0;
    while (!signal.aborted) {
      yield [{ kind: 'connection', isConnected: true }];
      const lengthMs = yield* this.#pass(shiftMs, signal);
      if (!this.#loop) return;
      shiftMs += lengthMs + LOOP_PAUSE_MS;
      yield [{ kind: 'connection', isConnected: false }];
    }
  }

  /** Plays the recording once, its own times moved by `shiftMs`. @returns its length */
  async *#pass(shiftMs: number, signal: AbortSignal): AsyncGenerator<FeedEvent[], number> {
    let firstMs: number | null = null;
    let elapsedMs = 0;
    let batch: FeedEvent[] = [];
    let moments = 0;
    for await (const moment of this.#session.moments()) {
      firstMs ??= moment.atMs;
      elapsedMs = moment.atMs - firstMs;
      const waitMs = this.#pace.waitMs(shiftMs + elapsedMs);
      if ((waitMs > 0 || moments >= BATCH_MOMENTS) && batch.length > 0) {
        yield batch;
        batch = [];
        moments = 0;
      }
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return elapsedMs;
      for (const event of this.#decode(moment)) batch.push(shifted(event, shiftMs));
      moments += 1;
    }
    if (batch.length > 0) yield batch;
    return elapsedMs;
  }

  #decode(moment: RecordedMoment): readonly FeedEvent[] {
    try {
      return moment.decode();
    } catch (error) {
      if (error instanceof MalformedFrameError) this.#onMalformed(error);
      else this.#onMalformed(new MalformedFrameError(String(error)));
      return [];
    }
  }
}

/** Says how long to wait until a moment of the recording is due. */
class ReplayPace {
  readonly #speed: number | 'max';
  readonly #clock: Clock;
  #startedAtMs: number | null = null;

  constructor(speed: number | 'max', clock: Clock) {
    this.#speed = speed;
    this.#clock = clock;
  }

  waitMs(elapsedMs: number): number {
    if (this.#speed === 'max') return 0;
    this.#startedAtMs ??= this.#clock.now();
    return this.#startedAtMs + elapsedMs / this.#speed - this.#clock.now();
  }
}

/** A recording that is played again goes on in time, so that its candles do too. */
function shifted(event: FeedEvent, shiftMs: number): FeedEvent {
  if (shiftMs === 0 || !('exchangeTimeMs' in event) || event.exchangeTimeMs === null) return event;
  return { ...event, exchangeTimeMs: event.exchangeTimeMs + shiftMs };
}
