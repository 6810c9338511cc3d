import type { Branded } from './branded.ts';
import { formatUnits, parseUnits } from './decimal.ts';

/** Base units, as an exact count of 10^-18; never negative. */
export type Quantity = Branded<bigint, 'Quantity'>;

/** No quantity at all. */
export const ZERO_QUANTITY = 0n as Quantity;

/** Reads a quantity; null if the text is not a plain decimal or the quantity is negative. */
export function parseQuantity(text: string): Quantity | null {
  const units = parseUnits(text);
  return units !== null && units >= 0n ? (units as Quantity) : null;
}

/** Takes a count of 10^-18 that is known to be a quantity. */
export function quantityOfUnits(units: bigint): Quantity {
  return units as Quantity;
}

/** A plain decimal, padded to the instrument's quantity scale. */
export function formatQuantity(quantity: Quantity, scale = 0): string {
  return formatUnits(quantity, scale);
}
