import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { BookLevels, Level } from './level.ts';
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
 * The best levels of a book, grouped by a price step as in {@link GroupedBook}. One beyond what is known of the book
 * is left out: others may rest before it, and more in a group.
 * @param step null leaves every price by itself
 */
export function topOfBook(book: ShownBook, depth: number, step: Price | null): BookLevels {
  const { bids, asks } = step === null ? book.top(depth) : book.groupedBy(step).top(depth);
  const { bid, ask } = book.horizon;
  return {
    bids: knownOf(bids, (price) => bid === null || price >= bid),
    asks: knownOf(asks, (price) => ask === null || price <= ask),
  };
}

/** Mostly all of them are known, and so is the last. */
function knownOf(levels: readonly Level[], isKnown: (price: Price) => boolean): readonly Level[] {
  const last = levels.at(-1);
  return last === undefined || isKnown(last.price)
    ? levels
    : levels.filter(({ price }) => isKnown(price));
}
