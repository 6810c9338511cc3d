import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { RfqSize } from './rfq.ts';

/** One level of a market: a price and the base units at it. */
export interface DepthLevel {
  readonly price: Price;
  readonly quantity: Quantity;
}

/**
 * The average price of a size, level by level; null if the depth is too small.
 * @param levels best first
 * @param taken base units at the beginning of the levels that are gone, as a count of 10^-18
 * @param away the direction in which the price is rounded to a whole count of 10^-18: up on asks, down on bids
 */
export function walkDepth(
  levels: readonly DepthLevel[],
  { quantity, quoteQuantity }: RfqSize,
  taken: bigint,
  away: 'up' | 'down',
): Price | null {
  const divide = away === 'up' ? divideUp : divideDown;
  // Both sums are exact: in units of 10^-18 for base, and of 10^-36 for what it costs.
  let [base, cost] = [0n, 0n];
  for (const level of taken === 0n ? levels : levelsBeyond(levels, taken)) {
    const left = quantity === null ? quoteQuantity * ONE - cost : quantity - base;
    const offered = quantity === null ? level.quantity * level.price : level.quantity;
    if (offered < left) {
      base += level.quantity;
      cost += level.quantity * level.price;
      continue;
    }
    if (quantity !== null) return averageOf(cost + left * level.price, quantity, divide);
    return averageByQuote(quoteQuantity * ONE, base, left, level.price, divide);
  }
  return null;
}

function levelsBeyond(levels: readonly DepthLevel[], taken: bigint): readonly DepthLevel[] {
  let gone = taken;
  return levels.flatMap(({ price, quantity }): readonly DepthLevel[] => {
    const there = gone < quantity ? quantity - gone : 0n;
    gone -= quantity - there;
    return there === 0n ? [] : [{ price, quantity: quantityOfUnits(there) }];
  });
}

function averageOf(cost: bigint, base: bigint, divide: typeof divideUp): Price {
  return priceOfUnits(divide(cost, base));
}

/** The last level can contribute a fraction of a base unit that no finite decimal expresses, so it stays a fraction. */
function averageByQuote(
  cost: bigint,
  base: bigint,
  left: bigint,
  price: Price,
  divide: typeof divideUp,
): Price {
  return priceOfUnits(divide(cost * price, base * price + left));
}
