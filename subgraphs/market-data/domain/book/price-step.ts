import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { BookLevels, Level } from './level.ts';
import type { Horizon, ShownBook } from './order-book.ts';

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
 * The best levels of a book, grouped by a price step as in {@link GroupedBook}, without those of which not all is known.
 * @param step null leaves every price by itself
 */
export function topOfBook(book: ShownBook, depth: number, step: Price | null): BookLevels {
  return knownLevels(
    step === null ? book.top(depth) : book.groupedBy(step).top(depth),
    book.horizon,
  );
}

/** Those of the levels that are not beyond what is known of a book: others may rest before one, or more in a group. */
export function knownLevels<L extends Level>(
  { bids, asks }: Readonly<Record<'bids' | 'asks', readonly L[]>>,
  { bid, ask }: Horizon,
): Readonly<Record<'bids' | 'asks', readonly L[]>> {
  return {
    bids: knownOf(bids, (price) => bid === null || price >= bid),
    asks: knownOf(asks, (price) => ask === null || price <= ask),
  };
}

/** Mostly all of them are known, and so is the last. */
function knownOf<L extends Level>(
  levels: readonly L[],
  isKnown: (price: Price) => boolean,
): readonly L[] {
  const last = levels.at(-1);
  return last === undefined || isKnown(last.price)
    ? levels
    : levels.filter(({ price }) => isKnown(price));
}
