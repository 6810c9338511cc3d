import type { VirtualTime } from './virtual-time.ts';

/** The life of one process. Once it is over, the process receives nothing that it waited for. */
export class ProcessLife {
  readonly #time: VirtualTime;
  readonly #whenOver: () => void;
  #isOver = false;
  #frozenUntil = 0;

  /** @param whenOver called once, when it dies */
  constructor(time: VirtualTime, whenOver: () => void) {
    this.#time = time;
    this.#whenOver = whenOver;
  }

  /** Whether the process has died. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Kills the process, in the middle of anything it does. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#whenOver();
  }

  /** Freezes the process for this long, like a machine that swaps; it receives everything afterwards. */
  freeze(ms: number): void {
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#time.steadyNow() + ms);
  }

  /** Waits this long. @param isIdle whether a desk at rest waits like this too */
  wait(ms: number, isIdle = false): Promise<void> {
    return this.hear(new Promise((resolve) => this.#time.after(ms, resolve, isIdle)));
  }

  /** Passes on the result of work if the process lives to receive it; never settles if it dies. */
  hear<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => this.#whenAwake(() => resolve(result)),
        (cause: Error) => this.#whenAwake(() => reject(cause)),
      );
    });
  }

  #whenAwake(run: () => void): void {
    if (this.#isOver) return;
    const leftMs = this.#frozenUntil - this.#time.steadyNow();
    if (leftMs <= 0) run();
    else this.#time.after(leftMs, () => this.#whenAwake(run));
  }
}
