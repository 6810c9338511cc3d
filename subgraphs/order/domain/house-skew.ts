import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { OrderSide } from './order.ts';

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
 * that it buys at worse and sells at better prices, and up if it has sold.
 */
export function skewBps({ bps, inventoryLimit }: HouseSkew, value: HouseInventoryValue): bigint {
  if (inventoryLimit === 0n) return 0n;
  const worth = worthOf(value);
  const full = BigInt(bps) * ONE;
  const moved = (full * worth) / inventoryLimit;
  if (moved > full) return -full;
  return moved < -full ? full : -moved;
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

function worthOf({ quantity, price }: HouseInventoryValue): bigint {
  return (quantity * price) / ONE;
}
