/** A timer to wait for beside something else: one timer however often it is waited for. */
export class Ticks {
  readonly #timer: NodeJS.Timeout;
  #resolve: (tick: 'tick') => void = () => undefined;
  #next: Promise<'tick'>;

  constructor(everyMs: number) {
    this.#next = this.#arm();
    this.#timer = setInterval(() => {
      this.#resolve('tick');
      this.#next = this.#arm();
    }, everyMs);
  }

  /** Resolves with the next tick. */
  next(): Promise<'tick'> {
    return this.#next;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #arm(): Promise<'tick'> {
    return new Promise((resolve) => (this.#resolve = resolve));
  }
}
