import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { joinRunning } from '#shared/domain/join-running.ts';
import type { OutboxBacklog } from './domain/ports/outbox.ts';
import type { EngineMeasures } from './engine/engine-measures.ts';

/** From a turn of one order to more than a statement and the lease of the books can last. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const EVENTS = [1, 3, 10, 30, 100, 300, 1000, 1500];

/** What the engine's process reports to Prometheus of the engine. */
export class EngineMetrics implements EngineMeasures {
  readonly #registers: Registry[];
  readonly #turns: Histogram;
  readonly #events: Histogram;
  readonly #lost: Counter<'cause'>;
  readonly #holds: Histogram<'outcome'>;

  /** @param registry where the process's other metrics are */
  constructor(registry: Registry) {
    this.#registers = [registry];
    this.#turns = new Histogram({
      registers: this.#registers,
      name: 'deskgraph_turn_duration_seconds',
      help: 'Time of the turns that have recorded events, until each was stored.',
      buckets: SECONDS,
    });
    this.#events = new Histogram({
      registers: this.#registers,
      name: 'deskgraph_turn_events',
      help: 'Events that a turn has recorded.',
      buckets: EVENTS,
    });
    this.#lost = new Counter({
      registers: this.#registers,
      name: 'deskgraph_turns_lost_total',
      help: 'Turns that were not stored: refused for their content, or the database did not answer.',
      labelNames: ['cause'],
    });
    this.#holds = new Histogram({
      registers: this.#registers,
      name: 'deskgraph_hold_duration_seconds',
      help: 'Time from asking the ledger for the hold of an order, or a larger one, to its answer.',
      labelNames: ['outcome'],
      buckets: SECONDS,
    });
  }

  turnStored({ seconds, events }: { readonly seconds: number; readonly events: number }): void {
    this.#turns.observe(seconds);
    this.#events.observe(events);
  }

  turnLost(cause: 'refused' | 'unavailable'): void {
    this.#lost.inc({ cause });
  }

  holdAsked(call: { readonly seconds: number; readonly isAnswered: boolean }): void {
    this.#holds.observe({ outcome: call.isAnswered ? 'ok' : 'failed' }, call.seconds);
  }

  /**
   * Sets where it is read what waits in the outbox, once at each scrape. While that cannot be read, both
   * figures are NaN.
   */
  watchOutbox(read: () => Promise<OutboxBacklog>): void {
    const readOnce = joinRunning(() =>
      read().catch(() => ({ unsent: Number.NaN, oldestSeconds: Number.NaN })),
    );
    new Gauge({
      registers: this.#registers,
      name: 'deskgraph_outbox_unsent',
      help: 'Commands that the ledger is not known to have applied, up to 100,000.',
      async collect() {
        this.set((await readOnce()).unsent);
      },
    });
    new Gauge({
      registers: this.#registers,
      name: 'deskgraph_outbox_oldest_seconds',
      help: 'Age of the oldest of them; 0 if there is none.',
      async collect() {
        this.set((await readOnce()).oldestSeconds);
      },
    });
  }
}
