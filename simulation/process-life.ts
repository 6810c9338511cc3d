import type { VirtualTime } from './virtual-time.ts';

/** The life of one process: once it is over, nothing that it waited for ever comes. */
export class ProcessLife {
  readonly #time: VirtualTime;
  readonly #whenOver: () => void;
  #isOver = false;

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

  /** Waits so long. */
  wait(ms: number): Promise<void> {
    return this.hear(new Promise((resolve) => this.#time.after(ms, resolve)));
  }

  /** What comes of work, for one who lives to hear of it. */
  hear<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => this.#isOver || resolve(result),
        (cause: unknown) => this.#isOver || reject(cause as Error),
      );
    });
  }
}
