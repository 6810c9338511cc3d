import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';

/** All that rests at one price of one side of a book. In a change, quantity 0 removes the price. */
export interface Level {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** Levels of both sides of a book. */
export interface BookLevels {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
