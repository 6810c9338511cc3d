import type { Logger } from '#shared/logging/logger.ts';
import type { SentCommands } from '../../domain/ports/outbox.ts';
import { type Pause, pauseFor } from '../pause.ts';
import { StopGate } from '../stop-gate.ts';

const EVERY_MS = 10 * 60 * 1000;
/** Between two steps, so that orders have the database. */
const STEP_PAUSE_MS = 100;

/** What the pruning needs. */
export interface OutboxPruningOptions {
  readonly sent: SentCommands;
  readonly logger: Logger;
  /** By the machine's clock if omitted. */
  readonly pause?: Pause;
}

/**
 * Removes from the outbox what the ledger has applied long ago, every ten minutes, in small steps.
 * It does no harm if several processes do.
 */
export class OutboxPruning {
  readonly #options: OutboxPruningOptions;
  readonly #stopping = new StopGate();
  #running: Promise<void> | null = null;

  constructor(options: OutboxPruningOptions) {
    this.#options = options;
  }

  /** Begins with a pause: a start has enough to do. */
  start(): void {
    this.#running = this.#run();
  }

  /** Stops after the step in progress. */
  async stop(): Promise<void> {
    this.#stopping.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pause = pauseFor } = this.#options;
    let isMore = false;
    for (;;) {
      await pause(isMore ? STEP_PAUSE_MS : EVERY_MS, this.#stopping);
      if (this.#stopping.isStopped) return;
      isMore = await this.#step();
    }
  }

  /** @returns whether there may be more to remove */
  async #step(): Promise<boolean> {
    const { sent, logger } = this.#options;
    try {
      return await sent.removeOld();
    } catch (cause) {
      logger.warn({ err: cause }, 'could not remove what was sent of the outbox long ago');
      return false;
    }
  }
}
