import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf, cpuSecondsOfAll } from './cpu.ts';

/** A run is disturbed if other programs use more than this share of a core. */
const OTHERS_LIMIT = 0.08;
/** How often a disturbed run is repeated at most. */
const TRIES = 3;
const SAMPLE_MS = 500;
const QUIET_SAMPLES = 2;
const MS_PER_SECOND = 1000;

/** The processes of a run. */
export interface OwnProcesses {
  readonly server: number;
  readonly clients: number;
  readonly rest: readonly number[];
}

/** Processor use, as shares of one core. */
export interface CpuShares {
  readonly server: number;
  readonly clients: number;
  /** By programs that are not part of the run. */
  readonly others: number;
}

/** A measurement, and who used the processor during it. */
export interface Watched<Result> {
  readonly result: Result;
  readonly cpu: CpuShares;
  /** Whether other programs disturbed it. */
  readonly isDisturbed: boolean;
}

/** Waits until the machine is quiet, and repeats disturbed measurements, within limits. */
export class Patience {
  #leftMs: number;

  /** @param seconds how long the whole benchmark can spend on waiting and repeating */
  constructor(seconds: number) {
    this.#leftMs = seconds * MS_PER_SECOND;
  }

  /** Measures. @returns the least disturbed run */
  async measure<Result>(own: OwnProcesses, work: () => Promise<Result>): Promise<Watched<Result>> {
    await this.#untilQuiet();
    let best = await watch(own, work);
    for (let tries = 1; best.isDisturbed && tries < TRIES && this.#leftMs > 0; tries += 1)
      await this.#spend(async () => {
        await this.#untilQuiet();
        const next = await watch(own, work);
        if (next.cpu.others < best.cpu.others) best = next;
      });
    return best;
  }

  async #untilQuiet(): Promise<void> {
    await this.#spend(async (deadline) => {
      for (let quiet = 0; quiet < QUIET_SAMPLES && performance.now() < deadline;) {
        const before = cpuSecondsOfAll();
        await sleep(SAMPLE_MS);
        const share = ((cpuSecondsOfAll() - before) * MS_PER_SECOND) / SAMPLE_MS;
        quiet = share <= OTHERS_LIMIT ? quiet + 1 : 0;
      }
    });
  }

  async #spend(work: (deadline: number) => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    const leftMs = this.#leftMs;
    await work(startedAt + leftMs);
    this.#leftMs = leftMs - (performance.now() - startedAt);
  }
}

async function watch<Result>(
  own: OwnProcesses,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const before = cpuSeconds(own);
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
  const after = cpuSeconds(own);
  const share = (of: keyof CpuShares) => (after[of] - before[of]) / seconds;
  const cpu = { server: share('server'), clients: share('clients'), others: share('others') };
  return { result, cpu, isDisturbed: cpu.others > OTHERS_LIMIT };
}

function cpuSeconds({ server, clients, rest }: OwnProcesses): CpuShares {
  const [ofServer, ofClients] = [cpuSecondsOf(server), cpuSecondsOf(clients)];
  const ofRest = rest.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  return {
    server: ofServer,
    clients: ofClients,
    others: cpuSecondsOfAll() - ofServer - ofClients - ofRest,
  };
}
