/**
 * Says once that work is to stop, to however many wait: with an order each, a signal's listeners
 * would be thousands while the ledger is away.
 */
export class StopGate {
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  /** Whether it was said. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends every wait, and those to come. */
  stop(): void {
    this.#isStopped = true;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Waits for something, or until it stops.
   * @param begin begins it, and is told whom to tell when it is there; returns what gives it up
   */
  wait(begin: (done: () => void) => () => void): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      const wake = () => {
        giveUp();
        done();
      };
      this.#waiting.add(wake);
      const giveUp = begin(done);
    });
  }
}
