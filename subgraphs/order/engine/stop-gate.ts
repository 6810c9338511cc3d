/**
 * Stops all waits at once, however many there are. An `AbortSignal` would have thousands of listeners while the ledger
 * is away, one for each order.
 */
export class StopGate {
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  /** Whether {@link StopGate.stop} was called. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends every wait, and any later one at once. */
  stop(): void {
    this.#isStopped = true;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Waits for something, or until it stops.
   * @param begin starts the wait and calls `done` at its end; returns a function that gives it up
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
