import { setTimeout as sleep } from 'node:timers/promises';
import { Control } from '../feed/control.ts';
import { monotonicMicros } from '../feed/monotonic.ts';
import type { Operation } from '../feed/operations.ts';
import { quantileOfSorted } from '../rows.ts';
import { latencyMicros } from './due-time.ts';
import { StayAwake } from './stay-awake.ts';
import { type Endpoint, Subscriber } from './subscriber.ts';

const OPENING_AT_ONCE = 50;
const SETTLE_LIMIT_MS = 30_000;
const PROBE_MS = 250;
const QUIET_MS = 300;
/** A tick is over once all deliveries but this share have arrived; then the next tick is requested. */
const STILL_OUT = 0.1;
/** After this long without a delivery, the next tick is requested anyway. */
const STALL_MS = 250;
const DRAIN_LIMIT_MS = 10_000;
const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MS = 1000;

/** How many clients connect, where, and with which operation. */
export interface PopulationOptions {
  readonly endpoint: Endpoint;
  readonly clients: number;
  readonly operation: Operation;
  readonly controlPort: number;
}

/** Measurements of a server under all the load it can take. */
export interface Saturation {
  readonly deliveriesPerSecond: number;
  /** Deliveries of the clients with the fewest and the most. */
  readonly least: number;
  readonly most: number;
  /** How often nothing arrived for a quarter of a second. */
  readonly stalls: number;
}

/** Latencies at a fixed rate, in milliseconds from the due time to the client's read. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly samples: number;
  /** Expected deliveries. */
  readonly expected: number;
}

/** Many subscribers with the same operation, counted together. */
export class Population {
  readonly #subscribers: Subscriber[] = [];
  readonly #control: Control;
  readonly #staysAwake = new StayAwake();
  #delivered = 0;
  /** The number of deliveries at which the next tick is requested. */
  #nextAt = Number.POSITIVE_INFINITY;
  #askForNext: () => void = () => undefined;
  /** Milliseconds; null while latencies are not measured. */
  #latencies: number[] | null = null;

  private constructor(control: Control) {
    this.#control = control;
  }

  /** Connects all clients, a few at a time. @throws Error if the server refuses one */
  static async connect(options: PopulationOptions): Promise<Population> {
    const population = new Population(await Control.connect(options.controlPort));
    for (let missing = options.clients; missing > 0; missing -= OPENING_AT_ONCE)
      await population.#open(Math.min(missing, OPENING_AT_ONCE), options);
    return population;
  }

  /**
   * Waits until every subscription is live and nothing is in flight.
   * @throws Error if a subscription receives nothing or ends
   */
  async settle(): Promise<void> {
    const deadline = monotonicMicros() + SETTLE_LIMIT_MS * MICROS_PER_MS;
    while (this.#subscribers.some(({ deliveries }) => deliveries === 0)) {
      this.#check();
      if (monotonicMicros() > deadline) throw new Error('Not every client gets events.');
      this.#control.emit(1);
      await sleep(PROBE_MS);
    }
    for (let before = -1; before !== this.#delivered; await sleep(QUIET_MS))
      before = this.#delivered;
  }

  /**
   * Requests tick after tick, each when nine of ten deliveries of an earlier one have arrived. So nothing
   * queues, nothing is merged, and the server always has work.
   * @param plan how many events make a tick, and how many ticks may be on their way
   */
  async saturate(plan: {
    readonly burst: number;
    readonly ticksOut: number;
    readonly warmUpMs: number;
    readonly windowMs: number;
  }): Promise<Saturation> {
    const perTick = this.#subscribers.length * plan.burst;
    let stalls = 0;
    this.#askForNext = () => {
      for (; this.#delivered >= this.#nextAt; this.#nextAt += perTick)
        this.#control.emit(plan.burst);
    };
    const begin = () => {
      this.#nextAt = this.#delivered - perTick * (plan.ticksOut - 1 + STILL_OUT);
      this.#askForNext();
    };
    begin();
    let seen = -1;
    const watch = setInterval(() => {
      if (seen === this.#delivered) {
        stalls += 1;
        begin();
      }
      seen = this.#delivered;
    }, STALL_MS);
    await sleep(plan.warmUpMs);
    stalls = 0;
    for (const subscriber of this.#subscribers) subscriber.restart();
    const [startedAt, before] = [monotonicMicros(), this.#delivered];
    await sleep(plan.windowMs);
    const seconds = (monotonicMicros() - startedAt) / MICROS_PER_SECOND;
    const deliveries = this.#delivered - before;
    const counts = this.#subscribers.map((subscriber) => subscriber.deliveries);
    clearInterval(watch);
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#check();
    await this.#drain(0);
    return {
      deliveriesPerSecond: deliveries / seconds,
      least: Math.min(...counts),
      most: Math.max(...counts),
      stalls,
    };
  }

  /** Measures every latency at a fixed rate, regardless of the server's capacity. */
  async pace(plan: { readonly perSecond: number; readonly seconds: number }): Promise<Latencies> {
    const ticks = Math.max(1, Math.round(plan.perSecond * plan.seconds));
    const latencies: number[] = (this.#latencies = []);
    const expected = ticks * this.#subscribers.length;
    const before = this.#delivered;
    this.#control.pace(plan.perSecond, ticks);
    await sleep((ticks / plan.perSecond) * MICROS_PER_MS);
    await this.#drain(before + expected);
    this.#latencies = null;
    this.#check();
    const sorted = Float64Array.from(latencies).sort();
    return {
      p50: quantileOfSorted(sorted, 0.5),
      p99: quantileOfSorted(sorted, 0.99),
      most: quantileOfSorted(sorted, 1),
      samples: sorted.length,
      expected,
    };
  }

  /** Disconnects all clients at once. */
  close(): void {
    for (const subscriber of this.#subscribers) subscriber.close();
    this.#control.close();
  }

  async #open(count: number, { endpoint, operation }: PopulationOptions): Promise<void> {
    const events = {
      delivered: () => {
        this.#delivered += 1;
        if (this.#latencies !== null) this.#staysAwake.extend();
        if (this.#delivered >= this.#nextAt) this.#askForNext();
      },
      sampled: (chunk: Buffer, start: number, end: number) => {
        const latency = this.#latencies === null ? null : latencyMicros(chunk, start, end);
        if (latency !== null) this.#latencies?.push(latency / MICROS_PER_MS);
      },
    };
    const opened = Array.from({ length: count }, () => new Subscriber(endpoint, operation, events));
    this.#subscribers.push(...opened);
    await Promise.all(opened.map(({ subscribed }) => subscribed));
  }

  /** Waits until this many deliveries have arrived, or no more arrive. */
  async #drain(enough: number): Promise<void> {
    const deadline = monotonicMicros() + DRAIN_LIMIT_MS * MICROS_PER_MS;
    for (let before = -1; before !== this.#delivered && monotonicMicros() < deadline;) {
      before = this.#delivered;
      if (enough > 0 && before >= enough) return;
      await sleep(QUIET_MS);
    }
  }

  #check(): void {
    const failed = this.#subscribers.find(({ failure }) => failure !== null);
    if (failed?.failure != null) throw new Error(failed.failure);
  }
}
