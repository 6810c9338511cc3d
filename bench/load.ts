import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Latencies, PopulationOptions, Saturation } from './client/population.ts';
import type { Operation } from './feed/operations.ts';
import type { Fixture } from './fixture/start-fixture.ts';
import { Child, type Memory } from './processes/child.ts';
import { CLIENT_CORE } from './processes/cores.ts';
import { cpuSecondsOf, cpuSecondsOfAll } from './processes/cpu.ts';
import type { RunningServer, Variant } from './variants.ts';

const TYPESCRIPT: readonly string[] = ['--import', import.meta.resolve('tsx')];
const WARM_UP_MS = 1500;
const WINDOW_MS = 2500;
const PACED_SECONDS = 3;
const BYTES_PER_KB = 1024;
const MS_PER_SECOND = 1000;
/** From here on it may be the clients that are measured. */
const CLIENT_LIMIT = 0.9;
/** More than this of a core used by others disturbs a run. */
const OTHERS_LIMIT = 0.08;
const QUIET_SAMPLE_MS = 250;
const QUIET_LIMIT_MS = 5000;

/** Takes what a reader must know of a run, and the values of this one time. */
export type Note = (remark: string, values?: string) => void;

/** One variant under load: a fresh server on its core, and clients on the other. */
export class Load {
  readonly #server: RunningServer;
  readonly #clients: Child;
  readonly #note: Note;
  /** All that belongs to this run; what other processes use disturbs it. */
  readonly #pids: readonly number[];

  private constructor(options: {
    readonly server: RunningServer;
    readonly clients: Child;
    readonly fixture: Fixture;
    readonly note: Note;
  }) {
    this.#server = options.server;
    this.#clients = options.clients;
    this.#note = options.note;
    this.#pids = [process.pid, options.server.child.pid, options.fixture.pid, options.clients.pid];
  }

  /**
   * Runs `work` against a fresh server; ends the server and the clients, whatever happens.
   * @param note takes what a reader must know of this run
   */
  static async on(
    variant: Variant,
    fixture: Fixture,
    note: Note,
    work: (load: Load) => Promise<void>,
  ): Promise<void> {
    await untilQuiet();
    const server = await variant.start(fixture);
    try {
      const clients = await startClients();
      try {
        await work(new Load({ server, clients, fixture, note }));
      } finally {
        await clients.stop();
      }
    } catch (cause) {
      // Clients only see that the connection broke.
      const { lastWords } = server.child;
      throw lastWords === null ? cause : new Error(lastWords, { cause });
    } finally {
      await server.child.stop();
    }
  }

  /** So many clients subscribe; those of before leave. */
  async connect(clients: number, operation: Operation): Promise<void> {
    await this.#clients.ask('disconnect');
    await this.#add(clients, operation);
  }

  /**
   * Connects so many clients, and tells what one of them costs while it is idle, in KB of resident
   * memory after a full collection. Half as many were there before, and then leave: a young process
   * takes the first ones into memory that it has already.
   */
  async kilobytesPerSocket(clients: number, operation: Operation): Promise<number> {
    await this.connect(clients / 2, operation);
    const before = await this.#server.child.ask<Memory>('memory');
    await this.#add(clients, operation);
    const after = await this.#server.child.ask<Memory>('memory');
    await this.#clients.ask('leave', 1);
    return (after.rss - before.rss) / BYTES_PER_KB / clients;
  }

  /** Deliveries a second with all the events the server can take, `burst` of them in each tick. */
  async deliveriesPerSecond(burst: number): Promise<number> {
    const plan = { burst, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const saturation = await this.#watched(() => this.#clients.ask<Saturation>('saturate', plan));
    const { least, most, stalls } = saturation;
    if (stalls > 0) this.#note('nothing came for a quarter of a second', `${stalls} times`);
    if (most > least + burst + 1)
      this.#note('clients were served unequally', `${least} to ${most} deliveries`);
    return saturation.deliveriesPerSecond;
  }

  /** The delay that 99 of 100 deliveries keep at a fixed rate, in milliseconds from the due time. */
  async p99(ticksPerSecond: number): Promise<number> {
    const { p99, samples, expected } = await this.#clients.ask<Latencies>('pace', {
      perSecond: ticksPerSecond,
      seconds: PACED_SECONDS,
    });
    if (samples < expected) this.#note('not all was delivered', `${samples} of ${expected}`);
    return p99;
  }

  async #add(clients: number, operation: Operation): Promise<void> {
    const { endpoint, controlPort } = this.#server;
    const options: PopulationOptions = { endpoint, controlPort, clients, operation };
    await this.#clients.ask('connect', options);
  }

  async #watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#cpuSeconds();
    const startedAt = performance.now();
    const result = await work();
    const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
    const after = this.#cpuSeconds();
    const clients = (after.clients - before.clients) / seconds;
    const others = (after.all - before.all - (after.own - before.own)) / seconds;
    if (clients > CLIENT_LIMIT) this.#note('the clients were at their limit', percent(clients));
    if (others > OTHERS_LIMIT) this.#note('other programs disturbed it', percent(others));
    return result;
  }

  #cpuSeconds() {
    return {
      all: cpuSecondsOfAll(),
      own: this.#pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
      clients: cpuSecondsOf(this.#clients.pid),
    };
  }
}

function startClients(): Promise<Child> {
  const file = fileURLToPath(new URL('./client/main.ts', import.meta.url));
  return Child.start({ file, flags: TYPESCRIPT, core: CLIENT_CORE });
}

/** Waits a little for a machine that does nothing else; a busy one is noted, not waited for. */
async function untilQuiet(): Promise<void> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  while (performance.now() < deadline) {
    const before = cpuSecondsOfAll();
    await sleep(QUIET_SAMPLE_MS);
    const used = cpuSecondsOfAll() - before;
    if (used <= (OTHERS_LIMIT * QUIET_SAMPLE_MS) / MS_PER_SECOND) return;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of a core`;
}
