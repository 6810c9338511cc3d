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

/** What is put under load. */
export interface LoadOptions {
  readonly variant: Variant;
  readonly fixture: Fixture;
  readonly note: Note;
  readonly report: (line: string) => void;
}

/** One variant under load: a fresh server on its core, and clients on the other. */
export class Load {
  readonly #server: RunningServer;
  readonly #clients: Child;
  readonly #note: Note;
  readonly #report: (line: string) => void;
  /** The server's, the clients', and the rest of this run's. */
  readonly #pids: readonly number[];

  private constructor(server: RunningServer, clients: Child, options: LoadOptions) {
    this.#server = server;
    this.#clients = clients;
    this.#note = options.note;
    this.#report = options.report;
    this.#pids = [server.child.pid, clients.pid, options.fixture.pid, process.pid];
  }

  /** Runs `work` against a fresh server; ends the server and the clients, whatever happens. */
  static async on(options: LoadOptions, work: (load: Load) => Promise<void>): Promise<void> {
    await untilQuiet();
    const server = await options.variant.start(options.fixture);
    try {
      const clients = await startClients();
      try {
        await work(new Load(server, clients, options));
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

  /**
   * Deliveries a second with all the events the server can take.
   * @param burst events in each tick
   * @param ticksOut ticks that may be on their way at once
   */
  async deliveriesPerSecond(burst: number, ticksOut = 1): Promise<number> {
    const plan = { burst, ticksOut, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const { result: saturation, cpu } = await this.#watched(() =>
      this.#clients.ask<Saturation>('saturate', plan),
    );
    const { least, most, stalls } = saturation;
    if (stalls > 0) this.#note('nothing came for a quarter of a second', `${stalls} times`);
    if (most > least + burst + 1)
      this.#note('clients were served unequally', `${least} to ${most} deliveries`);
    this.#report(`  ticks of ${burst}: ${describe(saturation, cpu)}`);
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

  async #watched<Result>(work: () => Promise<Result>): Promise<{ result: Result; cpu: Cpu }> {
    const before = this.#cpuSeconds();
    const startedAt = performance.now();
    const result = await work();
    const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
    const after = this.#cpuSeconds();
    const share = (of: keyof Cpu) => (after[of] - before[of]) / seconds;
    const cpu = { server: share('server'), clients: share('clients'), others: share('others') };
    if (cpu.clients > CLIENT_LIMIT)
      this.#note('the clients were at their limit', percent(cpu.clients));
    if (cpu.others > OTHERS_LIMIT) this.#note('other programs disturbed it', percent(cpu.others));
    return { result, cpu };
  }

  /** Processor time used so far, in seconds. */
  #cpuSeconds(): Cpu {
    const [server = 0, clients = 0, ...rest] = this.#pids.map(cpuSecondsOf);
    const own = [server, clients, ...rest].reduce((sum, one) => sum + one, 0);
    return { server, clients, others: cpuSecondsOfAll() - own };
  }
}

/** Shares of one core. */
interface Cpu {
  readonly server: number;
  readonly clients: number;
  /** Of all programs that are not part of the run. */
  readonly others: number;
}

function describe({ deliveriesPerSecond }: Saturation, { server, clients }: Cpu): string {
  const rate = Math.round(deliveriesPerSecond).toLocaleString('en');
  return `${rate} deliveries/s, server ${percent(server)}, clients ${percent(clients)}`;
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
