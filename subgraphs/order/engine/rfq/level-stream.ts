import type { LevelFrame } from '../../domain/rfq/price-level.ts';

/** A frame without its sequence in a stream. */
export type LevelFrameBody = Omit<LevelFrame, 'sequence' | 'previousSequence'>;

/**
 * One client's stream of levels. Only the newest state is useful, so a slow reader gets that one, and
 * its sequence shows how many were left out. `return()` frees the stream, even while a read waits.
 */
export class LevelStream implements AsyncIterableIterator<LevelFrame, undefined> {
  readonly #body: () => LevelFrameBody;
  readonly #onClose: () => void;
  /** The initial state counts as the first change. */
  #changes = 1;
  #told = 0;
  #isClosed = false;
  /** Why the stream has ended, until the reader has been notified. */
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(options: { readonly body: () => LevelFrameBody; readonly onClose: () => void }) {
    this.#body = options.body;
    this.#onClose = options.onClose;
  }

  /** To be called when the levels have changed. */
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

  /** Ends the stream for its reader with this failure. */
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
