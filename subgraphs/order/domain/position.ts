import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits, notional, ZERO_MONEY } from '#shared/domain/money.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Fill } from './fill.ts';

/** The direction of a position. */
export type PositionSide = 'LONG' | 'SHORT' | 'FLAT';

/**
 * What an account's fills in one instrument add up to. It keeps sums and no averages, so that
 * rounding loses nothing: entry cost and realized profit together are always the exact sum of what
 * was paid and received.
 */
export interface Position {
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  /** Base units as counts of 10^-18: positive for LONG, negative for SHORT, zero for FLAT. */
  readonly netQuantity: bigint;
  /** Sum of price × quantity of what is held, in the quote asset; never negative. */
  readonly entryCost: Money;
  /** What the closed parts have brought, in the quote asset, without fees; negative for a loss. */
  readonly realizedPnl: Money;
  /** What all fills have paid in fees, in the quote asset. */
  readonly fees: Money;
  /** Milliseconds since the epoch; of the last fill. */
  readonly updatedAt: number;
}

/** The position of an account that has not traded the instrument. */
export function flatPosition(
  accountId: AccountId,
  symbol: InstrumentSymbol,
  updatedAt: number,
): Position {
  const [entryCost, realizedPnl, fees] = [ZERO_MONEY, ZERO_MONEY, ZERO_MONEY];
  return { accountId, symbol, netQuantity: 0n, entryCost, realizedPnl, fees, updatedAt };
}

/**
 * The position after one more fill. Adding increases the cost (a weighted average); reducing
 * realizes profit against an unchanged average; crossing zero realizes everything, and the rest is
 * entered at the fill's price. The cost of a closed part is rounded down to 10^-18 and the digit
 * stays with what is still held, so a position that is closed entirely has realized exactly.
 */
export function applyFillToPosition(
  position: Position,
  fill: Pick<Fill, 'side' | 'price' | 'quantity' | 'fee' | 'executedAt'>,
): Position {
  const change = fill.side === 'BUY' ? fill.quantity : -fill.quantity;
  const held = magnitude(position.netQuantity);
  const closes = position.netQuantity > 0n !== change > 0n && held > 0n;
  const closed = quantityOfUnits(closes ? smaller(held, fill.quantity) : 0n);
  const opened = quantityOfUnits(fill.quantity - closed);

  const closedCost = closed === 0n ? 0n : divideDown(position.entryCost * closed, held);
  const difference = notional(fill.price, closed) - closedCost;
  return {
    ...position,
    netQuantity: position.netQuantity + change,
    entryCost: moneyOfUnits(position.entryCost - closedCost + notional(fill.price, opened)),
    realizedPnl: moneyOfUnits(
      position.realizedPnl + (position.netQuantity > 0n ? difference : -difference),
    ),
    fees: moneyOfUnits(position.fees + fill.fee),
    updatedAt: fill.executedAt,
  };
}

/** Which way the position points. */
export function positionSide(position: Position): PositionSide {
  if (position.netQuantity === 0n) return 'FLAT';
  return position.netQuantity > 0n ? 'LONG' : 'SHORT';
}

/** Base units held or owed, never negative. */
export function positionQuantity(position: Position): Quantity {
  return quantityOfUnits(magnitude(position.netQuantity));
}

/** The average entry price of what is held, rounded down at 18 digits; null if flat. */
export function averageEntryPrice(position: Position): Price | null {
  if (position.netQuantity === 0n) return null;
  return priceOfUnits(divideDown(position.entryCost * ONE, positionQuantity(position)));
}

/** Quantity × the mark price, in the quote asset; never negative. */
export function marketValue(position: Position, markPrice: Price): Money {
  return notional(markPrice, positionQuantity(position));
}

/** What closing at the mark price would bring, without fees; zero if flat. */
export function unrealizedPnl(position: Position, markPrice: Price): Money {
  const gain = marketValue(position, markPrice) - position.entryCost;
  return moneyOfUnits(position.netQuantity > 0n ? gain : -gain);
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
