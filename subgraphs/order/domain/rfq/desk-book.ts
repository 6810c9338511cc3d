import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';

/** What the house holds or owes in an instrument, from its trades with all clients. */
export interface HousePosition {
  readonly symbol: InstrumentSymbol;
  /** Base units as a count of 10^-18; negative if the house has sold more than it bought. */
  readonly inventory: bigint;
  /** What it received for sales minus what it paid for purchases, without fees; can be negative. */
  readonly received: Money;
}

/** The sums of the house's trades in a period. */
export interface HouseSums {
  /** Base units as a count of 10^-18. */
  readonly boughtQuantity: bigint;
  readonly boughtNotional: Money;
  /** Base units as a count of 10^-18. */
  readonly soldQuantity: bigint;
  readonly soldNotional: Money;
  /** Of all clients' trades. */
  readonly fees: Money;
}

/** The price at which the house trades its inventory away for a result of zero, as a count of 10^-18; null without any. */
export function breakEvenPrice({ inventory, received }: HousePosition): bigint | null {
  return inventory === 0n ? null : divideDown(-received * ONE, inventory);
}

/**
 * The profit of what was both bought and sold, at average cost: the smaller quantity × (average sale price − average
 * purchase price), rounded once and toward zero.
 */
export function realizedProfit({
  boughtQuantity: bought,
  soldQuantity: sold,
  ...sums
}: HouseSums): Money {
  if (bought === 0n || sold === 0n) return moneyOfUnits(0n);
  const difference = sums.soldNotional * bought - sums.boughtNotional * sold;
  return moneyOfUnits(divideDown(difference, bought > sold ? bought : sold));
}
