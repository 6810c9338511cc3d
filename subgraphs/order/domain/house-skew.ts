import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { OrderSide } from './order.ts';

/**
 * The skew is a whole number of these parts of its most. Every two-sided price shows the skew, so this is how exactly a
 * client can read the inventory in it.
 */
const SKEW_PARTS = 10n;

/**
 * A quote is made for as much room as there is in whole parts of the limit. Otherwise a client could find the inventory
 * to the last digit by requesting quotes for one quantity after another.
 */
const ROOM_PARTS = 100n;

/** How the house skews its prices against its inventory. */
export interface HouseSkew {
  /** How far both sides move when the inventory is at its limit, in basis points. */
  readonly bps: number;
  /** The most inventory, bought or sold, in the quote asset. */
  readonly inventoryLimit: Money;
}

/** The house's inventory in an instrument, and what it is worth. */
export interface HouseInventoryValue {
  /** Base units as a count of 10^-18; negative if more was sold than bought. */
  readonly quantity: bigint;
  readonly price: Price;
}

/**
 * How far both sides move, in basis points as a count of 10^-18: down if the house has bought, so
 * that it buys at worse and sells at better prices, and up if it has sold. In tenths of the most, rounded to the
 * nearest.
 */
export function skewBps({ bps, inventoryLimit }: HouseSkew, value: HouseInventoryValue): bigint {
  if (inventoryLimit === 0n) return 0n;
  const full = BigInt(bps) * ONE;
  const worth = worthOf(value);
  const half = worth < 0n ? -inventoryLimit : inventoryLimit;
  const parts = (2n * SKEW_PARTS * worth + half) / (2n * inventoryLimit);
  const moved = (full * parts) / SKEW_PARTS;
  if (moved > full) return -full;
  return moved < -full ? full : -moved;
}

/**
 * How far the price at which a client trades on this side is moved away from the book, in basis points as a count of
 * 10^-18: by the spread and the skew, and never past the book. A skew changes with every trade, and a price is for the skew
 * before its own: if it could lead past the book, whoever bought much and sold it again would take the difference.
 */
export function marginBps(
  side: OrderSide,
  { spreadBps, skewBps }: { readonly spreadBps: bigint; readonly skewBps: bigint },
): bigint {
  const margin = side === 'BUY' ? spreadBps + skewBps : spreadBps - skewBps;
  return margin > 0n ? margin : 0n;
}

/** Base units, as a count of 10^-18, that the house can still trade on one of its sides. */
export function inventoryRoom(
  side: OrderSide,
  { inventoryLimit }: Pick<HouseSkew, 'inventoryLimit'>,
  { quantity, price }: HouseInventoryValue,
): bigint {
  const most = divideDown(inventoryLimit * ONE, price);
  const room = side === 'BUY' ? most - quantity : most + quantity;
  return room > 0n ? room : 0n;
}

/** As {@link inventoryRoom}, rounded down to a whole hundredth of the limit: what a quote is made for. */
export function quotableRoom(
  side: OrderSide,
  { inventoryLimit }: Pick<HouseSkew, 'inventoryLimit'>,
  value: HouseInventoryValue,
): bigint {
  const room = inventoryRoom(side, { inventoryLimit }, value);
  const part = divideDown(inventoryLimit * ONE, value.price * ROOM_PARTS);
  return part === 0n ? room : room - (room % part);
}

function worthOf({ quantity, price }: HouseInventoryValue): bigint {
  return (quantity * price) / ONE;
}
