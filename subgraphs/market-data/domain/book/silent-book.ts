import type { ShownBook } from './order-book.ts';
import type { Quote } from '../quote.ts';

/**
 * Notices a venue that goes on quoting and no longer sends the changes of its book: the quote has moved
 * away from the top of a book that stands still. A quote may well arrive before the change of the book
 * that goes with it, so it counts only if it goes on.
 */
export class SilentBook {
  readonly #patienceMs: number;
  #changedAtMs: number | null = null;
  #contradictedSinceMs: number | null = null;
  #isSilent = false;

  /** @param patienceMs how long the book may stand still, and then be contradicted */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Whether the book is left behind. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** The book has changed. */
  change(receivedAtMs: number): void {
    this.#changedAtMs = receivedAtMs;
    this.#contradictedSinceMs = null;
    this.#isSilent = false;
  }

  /** Compares a quote with the book, but not while the book changes: that would cost with every quote. */
  compare(quote: Quote, book: ShownBook): void {
    const { receivedAtMs } = quote;
    const standsStill =
      this.#changedAtMs !== null && receivedAtMs - this.#changedAtMs > this.#patienceMs;
    if (!standsStill || isTopOf(book, quote)) this.#contradictedSinceMs = null;
    else this.#contradictedSinceMs ??= receivedAtMs;
    this.#isSilent =
      this.#contradictedSinceMs !== null &&
      receivedAtMs - this.#contradictedSinceMs > this.#patienceMs;
  }
}

function isTopOf(book: ShownBook, { bid, ask }: Quote): boolean {
  return book.bestBid()?.price === bid?.price && book.bestAsk()?.price === ask?.price;
}
