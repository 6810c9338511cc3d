import type { ScryptOptions } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * How much the thread steps back, from 0 to 19: while others are at work it gets a third of what one
 * of them gets, so that a flood of sign-ins slows sign-ins down before anything else.
 */
const NICENESS = 5;

/** One password to be hashed. */
export interface HashTask {
  readonly password: string;
  readonly salt: Buffer;
  readonly length: number;
  readonly settings: ScryptOptions;
}

/**
 * A thread that does nothing but hash, one password at a time. Node's own pool would do it at the
 * priority of all other work.
 */
export class ScryptThread {
  readonly #worker = new Worker(new URL('./scrypt-thread.js', import.meta.url), {
    execArgv: [],
    workerData: { niceness: NICENESS },
  });

  constructor() {
    this.#worker.unref();
  }

  /** @throws Error when it cannot be hashed so; the thread has ended then */
  async derive(task: HashTask): Promise<Buffer> {
    this.#worker.ref();
    try {
      this.#worker.postMessage(task);
      const [key] = (await once(this.#worker, 'message')) as [Uint8Array];
      return Buffer.from(key);
    } finally {
      this.#worker.unref();
    }
  }

  /** Ends it, whatever it does. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
