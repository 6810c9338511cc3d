import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';

/** The most points of time that an inventory is shown at. */
export const MAX_INVENTORY_POINTS = 1000;

/** What the desk asks about one instrument. Times are milliseconds since the epoch. */
export interface DeskPeriod {
  readonly symbol: InstrumentSymbol;
  /** The first instant. */
  readonly from: number;
  /** The first instant that is no longer part of it. */
  readonly to: number;
  /** How far apart the inventory's points are, in milliseconds. */
  readonly bucketMs: number;
}

/** What accepted quotes have brought the desk. */
export interface DeskTally {
  readonly fills: number;
  /** Of them those whose quote was not made from a market, so that nothing was captured against one. */
  readonly unmeasured: number;
  /** Base units as a count of 10^-18. */
  readonly quantity: bigint;
  readonly notional: Money;
  /** Sum of (fill price − middle of the market at the quote) × quantity, the other way round where the client sold. */
  readonly spreadCaptured: Money;
}

/** How the house's inventory has moved. Base units as counts of 10^-18. */
export interface InventoryMoves {
  /** What it has now. */
  readonly now: bigint;
  /** Changes from the period's first instant until now, by bucket; those after it are in the bucket behind its last. */
  readonly changes: readonly { readonly bucket: number; readonly change: bigint }[];
}

/** What the house had at an instant, by its fills with all clients. */
export interface InventoryPoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Base units as a count of 10^-18; negative when the house has sold more than bought. */
  readonly inventory: bigint;
}

/** The desk's figures of one instrument. */
export interface DeskRfqStatistics extends DeskPeriod, DeskTally {
  /** At the first instant, and then at the end of each bucket. */
  readonly inventory: readonly InventoryPoint[];
}

/** Calculates back from what the house has now, and forward again bucket by bucket. */
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
