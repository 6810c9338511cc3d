import type { LevelFrame } from '../../domain/rfq/price-level.ts';

/** A frame without its place in a stream. */
export type LevelFrameBody = Omit<LevelFrame, 'sequence' | 'previousSequence'>;

/**
 * One client's stream of levels. Only the newest state is of use, so that a reader who is slow gets that one, and its
 * sequence says how many were left out. Returning it frees it, also while it waits.
 */
export class LevelStream implements AsyncIterableIterator<LevelFrame, undefined> {
  readonly #body: () => LevelFrameBody;
  readonly #onClose: () => void;
  /** The state at the beginning is the first change. */
  #changes = 1;
  #told = 0;
  #isClosed = false;
  /** Why it has ended, until that was told. */
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(options: { readonly body: () => LevelFrameBody; readonly onClose: () => void }) {
    this.#body = options.body;
    this.#onClose = options.onClose;
  }

  /** The levels have changed. */
  change(): void {
    this.#changes += 1;
    this.#wake();
  }

  async next(): Promise<IteratorResult<LevelFrame, undefined>> {
    while (!this.#isClosed && this.#told === this.#changes)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#isClosed) return { done: true, value: undefined };
    const [previousSequence, sequence] = [this.#told, this.#changes];
    this.#told = sequence;
    return { done: false, value: { ...this.#body(), sequence, previousSequence } };
  }

  /** Ends it for its reader, by this failure. */
  fail(failure: Error): void {
    if (!this.#isClosed) this.#failure = failure;
    this.#close();
  }

  return(): Promise<IteratorResult<LevelFrame, undefined>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#wake();
  }
}
