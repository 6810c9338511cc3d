import type { Branded } from './branded.ts';
import { divideUp, formatUnits, ONE, parseUnits, stepOfScale } from './decimal.ts';
import type { Price } from './price.ts';
import type { Quantity } from './quantity.ts';

/** An amount of one asset, as an exact count of 10^-18; negative for a change or a debt. */
export type Money = Branded<bigint, 'Money'>;

/** No money at all. */
export const ZERO_MONEY = 0n as Money;

/** Reads an amount, signed; null if the text is not a plain decimal. */
export function parseMoney(text: string): Money | null {
  return parseUnits(text) as Money | null;
}

/** Takes a count of 10^-18 that is known to be an amount of one asset. */
export function moneyOfUnits(units: bigint): Money {
  return units as Money;
}

/** A plain decimal, padded to the asset's scale. */
export function formatMoney(amount: Money, scale = 0): string {
  return formatUnits(amount, scale);
}

/**
 * Price × quantity, in the quote asset. Exact: an instrument is only valid if its price scale plus
 * its quantity scale is at most 18.
 */
export function notional(price: Price, quantity: Quantity): Money {
  return ((price * quantity) / ONE) as Money;
}

/**
 * The fee on an amount, rounded up to the asset's scale, so that the house is never short.
 * @param rate the share taken, as a count of 10^-18 (0.001 is 10 basis points)
 */
export function feeOn(amount: Money, rate: bigint, assetScale: number): Money {
  const step = stepOfScale(assetScale);
  return (divideUp(amount * rate, ONE * step) * step) as Money;
}
