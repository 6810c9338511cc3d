import { toTimestamp } from '#shared/domain/clock.ts';
import { divideDown, formatUnits, ONE, parseUnits, stepOfScale } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Asset } from '../catalog/catalog.ts';
import { type PriceSource, unitPriceOf } from './unit-price.ts';

/** A balance as the account subgraph shows it. */
export interface BalanceToValue {
  readonly asset: { readonly code: string };
  /** A decimal; negative for a debt. */
  readonly total: string;
}

/** What a balance is worth; the last four are null or empty without a price. */
export interface ValuedBalance extends BalanceToValue {
  readonly price: string | null;
  readonly value: string | null;
  readonly symbols: readonly string[];
  readonly stale: boolean;
}

/** What balances are worth together, in one asset and at the prices of one moment. */
export interface AccountValuation {
  readonly asset: Asset;
  /** The sum of the values; null if one of them is. */
  readonly value: string | null;
  readonly stale: boolean;
  readonly asOf: string;
  readonly balances: readonly ValuedBalance[];
}

/** The balances that are valued: those that are not zero. */
export function balancesHeld(balances: readonly BalanceToValue[]): readonly BalanceToValue[] {
  return balances.filter(({ total }) => unitsOf(total) !== 0n);
}

/**
 * Values balances in an asset. Each value is rounded toward zero to its scale, and the sum is that of the rounded
 * values, so that a client who adds up what is shown gets the same.
 */
export function valuationOf(
  source: PriceSource,
  asset: Asset,
  balances: readonly BalanceToValue[],
): AccountValuation {
  const valued = balancesHeld(balances).map((balance) => valueOf(source, asset, balance));
  const values = valued.flatMap(({ units }) => units ?? []);
  const sum = values.reduce((total, units) => total + units, 0n);
  return {
    asset,
    value: values.length < valued.length ? null : formatUnits(sum, asset.scale),
    stale: valued.some(({ shown }) => shown.stale),
    asOf: toTimestamp(source.atMs),
    balances: valued.map(({ shown }) => shown),
  };
}

function valueOf(source: PriceSource, asset: Asset, balance: BalanceToValue) {
  const { asset: held, total: text } = balance;
  const price = unitPriceOf(source, held.code, asset.code);
  const shown = { asset: held, total: text };
  if (price === null)
    return {
      units: null,
      shown: { ...shown, price: null, value: null, symbols: [], stale: false },
    };
  const step = stepOfScale(asset.scale);
  const units = divideDown(unitsOf(text) * price.units, ONE * step) * step;
  const { symbols, stale } = price;
  const value = formatUnits(units, asset.scale);
  return {
    units,
    shown: { ...shown, price: formatUnits(price.units, asset.scale), value, symbols, stale },
  };
}

function unitsOf(total: string): bigint {
  const units = parseUnits(total);
  invariant(units !== null, `${total} is not a balance`);
  return units;
}
