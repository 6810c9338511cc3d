import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { HouseSums } from './desk-book.ts';

/** The most points in time for which an inventory is shown. */
export const MAX_INVENTORY_POINTS = 1000;

/** The desk's query for the statistics of one instrument. Times are milliseconds since the epoch. */
export interface DeskPeriod {
  readonly symbol: InstrumentSymbol;
  /** The start of the period. */
  readonly from: number;
  /** The end of the period, exclusive. */
  readonly to: number;
  /** The interval between the inventory's points, in milliseconds. */
  readonly bucketMs: number;
}

/** The desk's earnings from accepted quotes. */
export interface DeskTally {
  readonly fills: number;
  /** The number of those whose quote a trader made, so that no spread is measured. */
  readonly unmeasured: number;
  /** Base units as a count of 10^-18. */
  readonly quantity: bigint;
  readonly notional: Money;
  /**
   * Sum of (fill price − middle of the market) × quantity; the difference is negated if the client sold. The middle is
   * that of the quote, or of the last look if that moved the price.
   */
  readonly spreadCaptured: Money;
}

/** The house's inventory now and its earlier changes. Base units as counts of 10^-18. */
export interface InventoryMoves {
  /** The inventory now. */
  readonly now: bigint;
  /**
   * Changes from the start of the period until now, by bucket; changes after the period are in one bucket after the
   * last.
   */
  readonly changes: readonly { readonly bucket: number; readonly change: bigint }[];
}

/** The house's inventory at an instant, from its fills with all clients. */
export interface InventoryPoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Base units as a count of 10^-18; negative if the house has sold more than it bought. */
  readonly inventory: bigint;
}

/** The desk's statistics of one instrument. */
export interface DeskRfqStatistics extends DeskPeriod, DeskTally {
  /** What the house traded, by order and by quote. */
  readonly trading: HouseSums;
  /** At the start of the period, and then at the end of each bucket. */
  readonly inventory: readonly InventoryPoint[];
}

/** Calculates back from the inventory now to the start of the period, and then forward bucket by bucket. */
export function inventoryPoints(
  { from, to, bucketMs }: DeskPeriod,
  { now, changes }: InventoryMoves,
): readonly InventoryPoint[] {
  const byBucket = new Map(changes.map(({ bucket, change }) => [bucket, change]));
  let inventory = changes.reduce((sum, { change }) => sum - change, now);
  const points = [{ at: from, inventory }];
  for (let bucket = 0; from + bucket * bucketMs < to; bucket += 1) {
    inventory += byBucket.get(bucket) ?? 0n;
    points.push({ at: Math.min(from + (bucket + 1) * bucketMs, to), inventory });
  }
  return points;
}
