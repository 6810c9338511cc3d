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
const WARM_CLIENTS = 100;
const BYTES_PER_KB = 1024;
const MS_PER_SECOND = 1000;
/** From here on it may be the clients that are measured. */
const CLIENT_LIMIT = 0.9;
/** More than this of a core used by others disturbs a run. */
const OTHERS_LIMIT = 0.08;
const QUIET_SAMPLE_MS = 250;
const QUIET_LIMIT_MS = 5000;

/** One variant under load: a fresh server on its core, and clients on the other. */
export class Load {
  readonly #server: RunningServer;
  readonly #clients: Child;
  readonly #name: string;
  readonly #note: (line: string) => void;

  private constructor(
    server: RunningServer,
    clients: Child,
    name: string,
    note: (line: string) => void,
  ) {
    this.#server = server;
    this.#clients = clients;
    this.#name = name;
    this.#note = note;
  }

  /**
   * Runs `work` against a fresh server; ends the server and the clients, whatever happens.
   * @param note takes what a reader must know of this run
   */
  static async on(
    variant: Variant,
    fixture: Fixture,
    note: (line: string) => void,
    work: (load: Load) => Promise<void>,
  ): Promise<void> {
    await untilQuiet();
    const server = await variant.start(fixture);
    try {
      const clients = await startClients();
      try {
        await work(new Load(server, clients, variant.name, note));
      } finally {
        await clients.stop();
      }
    } finally {
      await server.child.stop();
    }
  }

  /** Everybody subscribes; those of before leave. */
  async connect(clients: number, operation: Operation): Promise<void> {
    await this.#clients.ask('disconnect');
    const { endpoint, controlPort } = this.#server;
    await this.#clients.ask('connect', {
      endpoint,
      controlPort,
      clients,
      operation,
    } satisfies PopulationOptions);
  }

  /**
   * The memory of one idle subscribed socket, in KB of resident memory: what remains after a full
   * collection with all of them, over the same with none. A few sockets before have loaded the code.
   */
  async kilobytesPerSocket(clients: number, operation: Operation): Promise<number> {
    await this.connect(WARM_CLIENTS, operation);
    await this.#clients.ask('disconnect');
    const before = await this.#server.child.ask<Memory>('memory');
    await this.connect(clients, operation);
    const after = await this.#server.child.ask<Memory>('memory');
    return (after.rss - before.rss) / BYTES_PER_KB / clients;
  }

  /** Deliveries a second with all the events the server can take, `burst` of them in each tick. */
  async deliveriesPerSecond(burst: number): Promise<number> {
    const plan = { burst, warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
    const saturation = await this.#watched(() => this.#clients.ask<Saturation>('saturate', plan));
    const { least, most, stalls } = saturation;
    if (stalls > 0) this.#note(`${this.#name}: nothing came for 250 ms, ${stalls} times`);
    if (most > least + burst + 1)
      this.#note(`${this.#name}: the least served client had ${least}, the most ${most}`);
    return saturation.deliveriesPerSecond;
  }

  /** The delay that 99 of 100 deliveries keep at a fixed rate, in milliseconds from the due time. */
  async p99(ticksPerSecond: number): Promise<number> {
    const { p99, samples, expected } = await this.#clients.ask<Latencies>('pace', {
      perSecond: ticksPerSecond,
      seconds: PACED_SECONDS,
    });
    if (samples < expected) this.#note(`${this.#name}: ${samples} of ${expected} were delivered`);
    return p99;
  }

  async #watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const pids = [process.pid, this.#server.child.pid, this.#clients.pid];
    const [startedAt, all, own] = [performance.now(), cpuSecondsOfAll(), pids.map(cpuSecondsOf)];
    const result = await work();
    const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
    const used = pids.map((pid, index) => (cpuSecondsOf(pid) ?? 0) - (own[index] ?? 0));
    const clients = (used[2] ?? 0) / seconds;
    const total = (cpuSecondsOfAll() ?? 0) - (all ?? 0);
    const others = (total - used.reduce((sum, one) => sum + one, 0)) / seconds;
    if (clients > CLIENT_LIMIT) this.#note(`${this.#name}: the clients used ${percent(clients)}`);
    if (others > OTHERS_LIMIT) this.#note(`${this.#name}: others used ${percent(others)}`);
    return result;
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
    const used = (cpuSecondsOfAll() ?? 0) - (before ?? 0);
    if (used <= (OTHERS_LIMIT * QUIET_SAMPLE_MS) / MS_PER_SECOND) return;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of a core`;
}
