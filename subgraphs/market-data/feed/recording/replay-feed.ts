import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';
import type { FeedBatch, MarketFeed } from '../market-feed.ts';
import type { RecordedMoment, RecordedSession } from './recorded-session.ts';

/** At most this many moments per turn of the event loop. */
const BATCH_MOMENTS = 64;
/** The pause between the end of a recording and its next playback. */
const LOOP_PAUSE_MS = 100;

/** Plays a recorded session through the decoders that live connections use. */
export class ReplayFeed implements MarketFeed {
  readonly venue: string;
  readonly isPausable: boolean;
  readonly #session: RecordedSession;
  readonly #speed: number | 'max';
  readonly #clock: Clock;
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
    this.#speed = options.speed;
    this.#clock = options.clock;
    this.#loop = options.loop;
    this.#onMalformed = options.onMalformed;
  }

  /** Each call plays from the beginning, with times after everything already seen. */
  async *events(
    signal: AbortSignal,
    tradedToMs: number | null = null,
  ): AsyncGenerator<FeedBatch, void> {
    const pace = new ReplayPace(this.#speed, this.#clock);
    let afterMs = tradedToMs;
    while (!signal.aborted) {
      yield [{ kind: 'connection', isConnected: true }];
      const endMs = yield* this.#pass({ pace, afterMs, signal });
      if (!this.#loop) return;
      afterMs = endMs;
      yield [{ kind: 'connection', isConnected: false }];
    }
  }

  /**
   * Plays the recording once, with its times shifted to after `afterMs`.
   * @returns the shifted time of its end
   */
  async *#pass({ pace, afterMs, signal }: ReplayPass): AsyncGenerator<FeedBatch, number | null> {
    let shiftMs: number | null = null;
    let toldMs = afterMs;
    let batch: RecordedMoment[] = [];
    for await (const moment of this.#session.moments()) {
      shiftMs ??= afterMs === null ? 0 : Math.max(0, afterMs + LOOP_PAUSE_MS - moment.atMs);
      toldMs = moment.atMs + shiftMs;
      const waitMs = pace.waitMs(toldMs);
      if ((waitMs > 0 || batch.length >= BATCH_MOMENTS) && batch.length > 0) {
        yield this.#eventsOf(batch, shiftMs);
        batch = [];
      }
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return toldMs;
      batch.push(moment);
    }
    if (batch.length > 0) yield this.#eventsOf(batch, shiftMs ?? 0);
    return toldMs;
  }

  *#eventsOf(moments: readonly RecordedMoment[], shiftMs: number): Generator<FeedEvent, void> {
    for (const moment of moments)
      for (const event of this.#decode(moment)) yield shifted(event, shiftMs);
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

interface ReplayPass {
  readonly pace: ReplayPace;
  readonly afterMs: number | null;
  readonly signal: AbortSignal;
}

/** Calculates how long to wait until a moment of the recording is due; the first is due immediately. */
class ReplayPace {
  readonly #speed: number | 'max';
  readonly #clock: Clock;
  #started: { readonly atMs: number; readonly momentMs: number } | null = null;

  constructor(speed: number | 'max', clock: Clock) {
    this.#speed = speed;
    this.#clock = clock;
  }

  waitMs(momentMs: number): number {
    if (this.#speed === 'max') return 0;
    this.#started ??= { atMs: steadyNow(this.#clock), momentMs };
    const { atMs, momentMs: firstMs } = this.#started;
    return atMs + (momentMs - firstMs) / this.#speed - steadyNow(this.#clock);
  }
}

/** Shifts an event's times, so that candles continue when a recording is played again. */
function shifted(event: FeedEvent, shiftMs: number): FeedEvent {
  if (shiftMs === 0 || !('exchangeTimeMs' in event) || event.exchangeTimeMs === null) return event;
  return { ...event, exchangeTimeMs: event.exchangeTimeMs + shiftMs };
}
