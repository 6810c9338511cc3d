import type { Instrument } from '#shared/domain/instrument.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { BookLevels, Level } from './level.ts';
import type { OrderBook } from './order-book.ts';

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
 * The best levels of a book, grouped by a price step: bids at the multiple of the step at or below
 * their price and asks at the one at or above, so that a group is never better than what is in it.
 * The last group is whole, however many levels it takes.
 * @param step null leaves every price by itself
 */
export function topOfBook(book: OrderBook, depth: number, step: Price | null): BookLevels {
  if (step === null) return book.top(depth);
  return {
    bids: grouped(book.bids(), depth, (price) => price - (price % step)),
    asks: grouped(book.asks(), depth, (price) => price + ((step - (price % step)) % step)),
  };
}

function grouped(
  levels: Iterable<Level>,
  depth: number,
  groupOf: (price: Price) => bigint,
): Level[] {
  const groups: { price: Price; quantity: Quantity }[] = [];
  for (const { price, quantity } of levels) {
    const group = priceOfUnits(groupOf(price));
    const last = groups.at(-1);
    if (last?.price === group) last.quantity = quantityOfUnits(last.quantity + quantity);
    else if (groups.length === depth) break;
    else groups.push({ price: group, quantity });
  }
  return groups;
}
