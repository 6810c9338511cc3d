import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { MarketFeed } from '../market-feed.ts';
import { type Random, seededRandom } from '../random.ts';
import { SimMarket } from './sim-market.ts';
import { simProfileOf } from './sim-profiles.ts';

/** Simulated time between two ticks. */
const TICK_MS = 50;
/** The share of ticks in which an instrument moves: five times a second. */
const STEP_PROBABILITY = 0.25;
/** After a longer pause of this process, the ticks in between are left out. */
const MAX_CATCH_UP_TICKS = 20;
/** In real time the market begins again once its time is further behind the clock, as after a machine slept. */
const LONGEST_LAG_MS = 60_000;
/** Far above the real rate, so that the trade ids of two runs never overlap. */
const MAX_TRADES_PER_MS = 1000;

/** A simulated market, determined by its seed, for the demo and tests. */
export class SimFeed implements MarketFeed {
  readonly venue = 'sim';
  readonly isPausable: boolean;
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #simulation: Simulation;

  /** @param options.speed 1 is real time; `max` is as fast as lossless streams keep up */
  constructor(options: {
    readonly instruments: Iterable<Instrument>;
    readonly seed: number;
    readonly speed: number | 'max';
    readonly clock: Clock;
  }) {
    this.isPausable = options.speed === 'max';
    this.#clock = options.clock;
    this.#tickMs = options.speed === 'max' ? 0 : TICK_MS / options.speed;
    this.#simulation = new Simulation(options.instruments, options.seed, options.clock.now());
  }

  async *events(
    signal: AbortSignal,
    tradedToMs: number | null = null,
  ): AsyncGenerator<readonly FeedEvent[], void> {
    this.#simulation.beginAt(Math.max(this.#clock.now(), (tradedToMs ?? 0) + TICK_MS));
    const opening = tradedToMs === null ? { isOpening: true as const } : {};
    yield [{ kind: 'connection', isConnected: true, ...opening }];
    let dueAtMs = steadyNow(this.#clock);
    while (!signal.aborted) {
      if (this.#isLeftBehind()) {
        yield [{ kind: 'connection', isConnected: false }];
        this.#simulation.beginAt(this.#clock.now());
        yield [{ kind: 'connection', isConnected: true }];
      }
      const events = this.#simulation.tick();
      if (events.length > 0) yield events;
      dueAtMs += this.#tickMs;
      const waitMs = dueAtMs - steadyNow(this.#clock);
      if (waitMs < -MAX_CATCH_UP_TICKS * TICK_MS) dueAtMs = steadyNow(this.#clock);
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #isLeftBehind(): boolean {
    const isRealTime = this.#tickMs === TICK_MS;
    return isRealTime && this.#clock.now() - this.#simulation.timeMs > LONGEST_LAG_MS;
  }
}

/** The simulated markets of all instruments, one tick at a time; the first tick publishes every book. */
export class Simulation {
  readonly #random: Random;
  readonly #markets: readonly SimMarket[];
  #timeMs: number;
  #isBegun = false;
  /** The last trade's id; starts from the start time, so that no two runs share ids. */
  #tradeId: number;

  /** @param startMs its clock at the first tick, milliseconds since the epoch */
  constructor(instruments: Iterable<Instrument>, seed: number, startMs: number) {
    this.#random = seededRandom(seed);
    this.#timeMs = startMs;
    this.#tradeId = startMs * MAX_TRADES_PER_MS;
    this.#markets = [...instruments].map(
      (instrument) => new SimMarket(instrument, simProfileOf(instrument), this.#random),
    );
  }

  /** Its clock at the next tick, milliseconds since the epoch. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** Restarts: the next tick is at this time, or later if the clock is already past it, and publishes whole books. */
  beginAt(timeMs: number): void {
    this.#timeMs = Math.max(this.#timeMs, timeMs);
    this.#tradeId = Math.max(this.#tradeId, this.#timeMs * MAX_TRADES_PER_MS);
    this.#isBegun = false;
    for (const market of this.#markets) market.forgetTold();
  }

  /** Advances 50 ms of simulated time and returns its events. */
  tick(): FeedEvent[] {
    const timeMs = this.#timeMs;
    const isFirst = !this.#isBegun;
    this.#timeMs += TICK_MS;
    this.#isBegun = true;
    return this.#markets.flatMap((market) =>
      isFirst || this.#random() < STEP_PROBABILITY
        ? market.step(timeMs, () => String((this.#tradeId += 1)))
        : [],
    );
  }
}
