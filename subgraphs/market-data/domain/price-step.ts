import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { BookLevels } from './level.ts';
import type { ShownBook } from './order-book.ts';

/** The most ticks of a step. */
const LARGEST_TICKS = 1_000_000n;

/**
 * Whether a book of this instrument can be grouped by a step: 1, 2 or 5 ticks, or that and zeros, up to a
 * million ticks. They are few, so that subscribers share streams.
 */
export function isPriceStep(step: bigint, { tickSize }: Pick<Instrument, 'tickSize'>): boolean {
  if (step <= 0n || step % tickSize !== 0n) return false;
  let ticks = step / tickSize;
  if (ticks > LARGEST_TICKS) return false;
  while (ticks % 10n === 0n) ticks /= 10n;
  return ticks === 1n || ticks === 2n || ticks === 5n;
}

/**
 * The best levels of a book, grouped by a price step as in {@link GroupedBook}. A group that reaches
 * beyond what is known of the book may be more than is known of it, and is left out.
 * @param step null leaves every price by itself
 */
export function topOfBook(book: ShownBook, depth: number, step: Price | null): BookLevels {
  if (step === null) return book.top(depth);
  const { bids, asks } = book.groupedBy(step).top(depth);
  const { bid, ask } = book.horizon;
  return {
    bids: bid === null ? bids : bids.filter(({ price }) => price >= bid),
    asks: ask === null ? asks : asks.filter(({ price }) => price <= ask),
  };
}
