import type { FeedEvent } from '../feed-event.ts';
import { OrderBook, type ShownBook } from './order-book.ts';

/** An event that changes a book, or replaces it. */
export type BookFeedEvent = Extract<FeedEvent, { kind: 'bookSnapshot' | 'bookUpdate' }>;

/**
 * The book of one instrument as the feed reports it: the one that the feed's reader keeps, or one made
 * from its events if it keeps none.
 */
export class FollowedBook {
  readonly #made = new OrderBook();
  #shown: ShownBook = this.#made;

  /** What rests at each price; empty before the first snapshot. */
  get shown(): ShownBook {
    return this.#shown;
  }

  /** Takes the next event about this book. */
  follow(event: BookFeedEvent): void {
    if (event.book === undefined) this.#make(event);
    else this.#shown = event.book;
  }

  /** Forgets every level of a book that was made here; whoever keeps another one forgets its own. */
  forget(): void {
    this.#made.forget();
  }

  #make(event: BookFeedEvent): void {
    if (event.kind === 'bookSnapshot') this.#made.replace(event, event);
    else this.#made.apply(event);
    this.#shown = this.#made;
  }
}
