import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import { BinanceSpotDecoder } from './binance-spot-decoder.ts';
import { MalformedFrameError } from './malformed-frame.ts';
import type { MarketFeed } from './market-feed.ts';
import type { RecordedLine, Recording } from './recording.ts';

/** So many lines at most between two turns of the event loop. */
const BATCH_LINES = 64;
/** What lies between the end of a recording and its beginning when it is played again. */
const LOOP_PAUSE_MS = 100;

/** Plays recorded Binance Spot sessions through the decoder of a live connection. */
export class ReplayFeed implements MarketFeed {
  readonly venue = 'binance';
  readonly isPausable: boolean;
  readonly #recording: Recording;
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly #pace: ReplayPace;
  readonly #loop: boolean;
  readonly #onMalformed: (error: MalformedFrameError) => void;

  /** @param options.symbols the venue's symbol → ours */
  constructor(options: {
    readonly recording: Recording;
    readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
    readonly speed: number | 'max';
    readonly loop: boolean;
    readonly clock: Clock;
    readonly onMalformed: (error: MalformedFrameError) => void;
  }) {
    this.isPausable = options.speed === 'max';
    this.#recording = options.recording;
    this.#symbols = options.symbols;
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
    const decoder = new BinanceSpotDecoder(this.#symbols);
    let firstMs: number | null = null;
    let elapsedMs = 0;
    let batch: FeedEvent[] = [];
    let lines = 0;
    for await (const line of this.#recording.lines()) {
      firstMs ??= millisecondsOf(line);
      elapsedMs = millisecondsOf(line) - firstMs;
      const waitMs = this.#pace.waitMs(shiftMs + elapsedMs);
      if ((waitMs > 0 || lines >= BATCH_LINES) && batch.length > 0) {
        yield batch;
        batch = [];
        lines = 0;
      }
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return elapsedMs;
      batch.push(...this.#decode(decoder, line).map((event) => shifted(event, shiftMs)));
      lines += 1;
    }
    if (batch.length > 0) yield batch;
    return elapsedMs;
  }

  #decode(decoder: BinanceSpotDecoder, line: RecordedLine): FeedEvent[] {
    try {
      // Only the answer of a request for a book names no stream.
      return line.json.startsWith('{"lastUpdateId"')
        ? decoder.snapshot(line.venueSymbol, JSON.parse(line.json))
        : decoder.text(line.json);
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

function millisecondsOf(line: RecordedLine): number {
  return Number(line.receivedNs.slice(0, -6));
}

/** A recording that is played again goes on in time, so that its candles do too. */
function shifted(event: FeedEvent, shiftMs: number): FeedEvent {
  if (shiftMs === 0 || !('exchangeTimeMs' in event) || event.exchangeTimeMs === null) return event;
  return { ...event, exchangeTimeMs: event.exchangeTimeMs + shiftMs };
}
