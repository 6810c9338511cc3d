import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from '#shared/logging/logger.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A worker that lived this long did not fail to start: the next pause is short again. */
const STEADY_AFTER_MS = 10_000;
/** After this any worker that is left is killed; a little less than the process itself has. */
const STOP_LIMIT_MS = 9500;

/**
 * Runs this program several times over one port and serves nothing itself: connections are handed
 * to the workers in turn, and one that dies is replaced. Each has streams and limits of its own.
 */
export class WorkerSupervisor {
  readonly #logger: Logger;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopping = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * Starts the workers; the first one alone, so that a problem of all is reported once.
   * @returns false if that one ended before it listened: it has said why
   */
  async start(count: number): Promise<boolean> {
    const first = cluster.fork();
    const startedAtMs = performance.now();
    const isListening = await Promise.race([
      once(first, 'listening').then(() => true),
      once(first, 'exit').then(() => false),
    ]);
    if (!isListening || this.#isStopping) return this.#isStopping;
    this.#watch(first, startedAtMs, FIRST_PAUSE_MS);
    for (let started = 1; started < count; started += 1) this.#fork(FIRST_PAUSE_MS);
    return true;
  }

  /**
   * Stops the workers as a signal to each would, waits for them, and ends those that do not stop.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const workers = livingWorkers();
    const forced = setTimeout(
      () => workers.forEach(({ process }) => process.kill('SIGKILL')),
      STOP_LIMIT_MS,
    );
    await Promise.all(
      workers.map((worker) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.process.kill('SIGTERM');
        return ended;
      }),
    );
    clearTimeout(forced);
  }

  #fork(pauseMs: number): void {
    const startedAtMs = performance.now();
    try {
      this.#watch(cluster.fork(), startedAtMs, pauseMs);
    } catch (cause) {
      this.#failToStart(cause, pauseMs);
    }
  }

  /** @param pauseMs before the next one, if this one dies soon */
  #watch(worker: Worker, startedAtMs: number, pauseMs: number): void {
    worker.once('exit', (code: number | null, signal: string | null) => {
      if (this.#isStopping) return;
      const isSteady = performance.now() - startedAtMs > STEADY_AFTER_MS;
      const pause = isSteady ? FIRST_PAUSE_MS : pauseMs;
      this.#logger.error({ worker: worker.process.pid, code, signal, pause }, 'a worker died');
      this.#forkAfter(pause);
    });
    let isReplaced = false;
    // Without a listener an error would end this process, and with it every worker.
    worker.on('error', (cause) => {
      // It runs: it has died while something was sent to it, and its exit follows.
      if (worker.process.pid !== undefined)
        return this.#logger.warn({ err: cause }, 'a worker could not be reached');
      if (isReplaced) return;
      isReplaced = true;
      this.#failToStart(cause, pauseMs);
    });
  }

  /** One that the system did not start: it never exits. */
  #failToStart(cause: unknown, pauseMs: number): void {
    this.#logger.error({ err: cause, pause: pauseMs }, 'a worker could not be started');
    if (!this.#isStopping) this.#forkAfter(pauseMs);
  }

  #forkAfter(pauseMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fork(Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
    }, pauseMs);
    this.#timers.add(timer);
  }
}

/** Those that the system has started. */
function livingWorkers(): readonly Worker[] {
  return Object.values(cluster.workers ?? {}).filter(
    (worker): worker is Worker => worker?.process.pid !== undefined,
  );
}
