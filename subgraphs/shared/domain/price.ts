import type { Branded } from './branded.ts';
import { formatUnits, parseUnits } from './decimal.ts';

/** Quote units for one base unit, as an exact count of 10^-18. */
export type Price = Branded<bigint, 'Price'>;

/** Reads a price; null if the text is not a plain decimal or the price is not positive. */
export function parsePrice(text: string): Price | null {
  const units = parseUnits(text);
  return units !== null && units > 0n ? (units as Price) : null;
}

/** Takes a count of 10^-18 that is known to be a price. */
export function priceOfUnits(units: bigint): Price {
  return units as Price;
}

/** A plain decimal, padded to the instrument's price scale. */
export function formatPrice(price: Price, scale = 0): string {
  return formatUnits(price, scale);
}

/** Halfway between two prices, rounded down to 10^-18. */
export function midPrice(bid: Price, ask: Price): Price {
  return ((bid + ask) / 2n) as Price;
}
