/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** What was begun by a start: it tells of progress, and stops everything in the opposite order. */
export class Startup {
  readonly #write: (text: string) => void;
  readonly #startedAt = performance.now();
  /** The last begun first. */
  readonly #undo: (() => Promise<void>)[] = [];
  #isStopping = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Whether somebody has asked to stop; failures to start mean nothing any more. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Seconds since the beginning, with one digit. */
  seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(1);
  }

  /** Tells that something is done. */
  progress(line: string): void {
    this.#write(`${this.seconds().padStart(6)} s  ${line}\n`);
  }

  /**
   * Remembers to stop what is being started from now on, not only once it is up: a Ctrl-C may come
   * in between.
   */
  start<Started extends Stoppable>(starting: Promise<Started>): Promise<Started> {
    this.#undo.unshift(async () => {
      const started = await starting.catch(() => null);
      await started?.stop();
    });
    return starting;
  }

  /**
   * Stops one after the other, what still begins meanwhile included.
   * @param report told of each that failed to stop; the others are stopped all the same
   */
  async stop(report: (cause: unknown) => void): Promise<void> {
    this.#isStopping = true;
    for (let step = this.#undo.shift(); step !== undefined; step = this.#undo.shift())
      await step().catch(report);
  }
}
