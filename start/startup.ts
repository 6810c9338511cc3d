/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** What a start has begun: it reports progress, and stops everything in the opposite order. */
export class Startup {
  readonly #write: (text: string) => void;
  readonly #startedAt = performance.now();
  /** The most recent first. */
  readonly #undo: (() => Promise<void>)[] = [];
  #isStopping = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Whether a stop was requested; failures to start mean nothing after that. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Seconds since the beginning, with one digit. */
  seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(1);
  }

  /** Reports that a step is done. */
  progress(line: string): void {
    this.#write(`${this.seconds().padStart(6)} s  ${line}\n`);
  }

  /**
   * Registers a part for stopping as soon as it begins to start: a Ctrl-C can come before it is up.
   */
  start<Started extends Stoppable>(starting: Promise<Started>): Promise<Started> {
    this.#undo.unshift(async () => {
      const started = await starting.catch(() => null);
      await started?.stop();
    });
    return starting;
  }

  /**
   * Stops one part after the other, including those that are still starting.
   * @param report called for each that failed to stop; the others are stopped all the same
   */
  async stop(report: (cause: unknown) => void): Promise<void> {
    this.#isStopping = true;
    for (let step = this.#undo.shift(); step !== undefined; step = this.#undo.shift())
      await step().catch(report);
  }
}
