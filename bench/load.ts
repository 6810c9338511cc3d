import type { Latencies, PopulationOptions, Saturation } from './client/population.ts';
import type { Operation } from './feed/operations.ts';
import type { Fixture } from './fixture/start-fixture.ts';
import { Child, type Memory } from './processes/child.ts';
import { CLIENT_CORE } from './processes/cores.ts';
import type { CpuShares, OwnProcesses, Patience, Watched } from './processes/quiet.ts';
import type { RunningServer, Variant } from './variants.ts';

const WARM_UP_MS = 1500;
const WINDOW_MS = 2500;
const PACED_SECONDS = 3;
const BYTES_PER_KB = 1024;
/** Above this, the clients themselves may be the bottleneck. */
const CLIENT_LIMIT = 0.9;

/** Receives a caveat of the run, and its values this time. */
export type Note = (remark: string, values?: string) => void;

/** The variant under load, and its options. */
export interface LoadOptions {
  readonly variant: Variant;
  readonly fixture: Fixture;
  readonly patience: Patience;
  readonly note: Note;
  readonly report: (line: string) => void;
}

/** One variant under load: a fresh server on its core, and clients on the other. */
export class Load {
  readonly #server: RunningServer;
  readonly #clients: Child;
  readonly #note: Note;
  readonly #report: (line: string) => void;
  readonly #patience: Patience;
  readonly #processes: OwnProcesses;

  private constructor(server: RunningServer, clients: Child, options: LoadOptions) {
    this.#server = server;
    this.#clients = clients;
    this.#note = options.note;
    this.#report = options.report;
    this.#patience = options.patience;
    this.#processes = {
      server: server.child.pid,
      clients: clients.pid,
      rest: [options.fixture.pid, process.pid],
    };
  }

  /** Runs `work` against a fresh server; ends the server and the clients, whatever happens. */
  static async on(options: LoadOptions, work: (load: Load) => Promise<void>): Promise<void> {
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

  /** This many clients subscribe; the previous ones leave. */
  async connect(clients: number, operation: Operation): Promise<void> {
    await this.#clients.ask('disconnect');
    await this.#add(clients, operation);
  }

  /**
   * Connects this many clients and returns the cost of one idle client, in KB of resident memory after a
   * full collection. First connects and disconnects half as many, because a young process serves the
   * first clients from memory that it already has.
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
   * @param ticksOut how many ticks can be in flight at once
   */
  async deliveriesPerSecond(burst: number, ticksOut = 1): Promise<number> {
    const plan = { burst, ticksOut, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const { result: saturation, cpu } = await this.#measure(() =>
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
    const plan = { perSecond: ticksPerSecond, seconds: PACED_SECONDS };
    const { result } = await this.#measure(() => this.#clients.ask<Latencies>('pace', plan));
    const { p99, samples, expected } = result;
    if (samples < expected) this.#note('not all was delivered', `${samples} of ${expected}`);
    return p99;
  }

  async #add(clients: number, operation: Operation): Promise<void> {
    const { endpoint, controlPort } = this.#server;
    const options: PopulationOptions = { endpoint, controlPort, clients, operation };
    await this.#clients.ask('connect', options);
  }

  async #measure<Result>(work: () => Promise<Result>): Promise<Watched<Result>> {
    const watched = await this.#patience.measure(this.#processes, work);
    const { cpu, isDisturbed } = watched;
    if (cpu.clients > CLIENT_LIMIT)
      this.#note('the clients were at their limit', percent(cpu.clients));
    if (isDisturbed) this.#note('other programs disturbed it', percent(cpu.others));
    return watched;
  }
}

function describe({ deliveriesPerSecond }: Saturation, { server, clients }: CpuShares): string {
  const rate = Math.round(deliveriesPerSecond).toLocaleString('en');
  return `${rate} deliveries/s, server ${percent(server)}, clients ${percent(clients)}`;
}

function startClients(): Promise<Child> {
  return Child.start({ file: new URL('./client/main.ts', import.meta.url), core: CLIENT_CORE });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of a core`;
}
