import type { Instrument } from '#shared/domain/instrument.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { BookLevels, Level } from './level.ts';

/** A level as the API shows it: decimals padded to the instrument's scales. */
export interface LevelView {
  readonly price: string;
  readonly quantity: string;
}

/** Both sides of a book, or of a change to it, as the API shows them. */
export interface BookLevelsView {
  readonly bids: readonly LevelView[];
  readonly asks: readonly LevelView[];
}

/** See {@link LevelView}. A level that is gone has the quantity "0". */
export function levelView({ price, quantity }: Level, instrument: Instrument): LevelView {
  return {
    price: formatPrice(price, instrument.priceScale),
    quantity: quantity === 0n ? '0' : formatQuantity(quantity, instrument.quantityScale),
  };
}

/** See {@link BookLevelsView}. */
export function bookLevelsView({ bids, asks }: BookLevels, instrument: Instrument): BookLevelsView {
  return {
    bids: bids.map((level) => levelView(level, instrument)),
    asks: asks.map((level) => levelView(level, instrument)),
  };
}
