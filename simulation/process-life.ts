import type { VirtualTime } from './virtual-time.ts';

/** The life of one process: once it is over, nothing that it waited forever comes. */
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

  /** Dies, in the middle of whatever it does. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#whenOver();
  }

  /** Stands still for this long, as a machine that swaps does: it hears of everything afterwards. */
  freeze(ms: number): void {
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#time.now() + ms);
  }

  /** Waits this long. @param isIdle whether a desk at rest waits so too */
  wait(ms: number, isIdle = false): Promise<void> {
    return this.hear(new Promise((resolve) => this.#time.after(ms, resolve, isIdle)));
  }

  /** What comes of work, for one who lives to hear of it. */
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
    const leftMs = this.#frozenUntil - this.#time.now();
    if (leftMs <= 0) run();
    else this.#time.after(leftMs, () => this.#whenAwake(run));
  }
}
