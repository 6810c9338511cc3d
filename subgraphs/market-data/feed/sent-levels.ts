import type { Level } from '../domain/level.ts';
import { LARGEST_PRICE, LARGEST_QUANTITY, LevelRows, type Levels } from '../domain/level-rows.ts';
import { levelForm, sentForm } from '../domain/sent-form.ts';
import { priceOf, quantityOf } from './malformed-frame.ts';
import { sentDecimal } from './sent-decimal.ts';

const ZERO = /^0+(?:\.0+)?$/;

/** Price and quantity of a level as found in a frame, not validated yet. */
export type SentPair = readonly [price: unknown, quantity: unknown];

/**
 * Levels from a frame that the general parser read; rows if all of them fit.
 * @throws MalformedFrameError if a price or a quantity is invalid
 */
export function sentLevels(pairs: readonly SentPair[]): Levels {
  const levels = pairs.map(sentLevel);
  return sentRows(pairs) ?? levels;
}

/** One level. @throws MalformedFrameError */
export function sentLevel([price, quantity]: SentPair): Level {
  return { price: priceOf(price), quantity: quantityOf(quantity) };
}

/** The best level of a side; null if nobody quotes it, which venues write as nothing or as zeros. @throws MalformedFrameError */
export function quotedLevel([price, quantity]: SentPair): Level | null {
  const isAbsent = price === undefined || price === null;
  return isAbsent || (isZero(price) && isZero(quantity)) ? null : sentLevel([price, quantity]);
}

function isZero(text: unknown): boolean {
  return typeof text === 'string' && ZERO.test(text);
}

/** Rows from the texts of prices and quantities; null if any of them does not fit. */
export function sentRows(pairs: readonly SentPair[]): LevelRows | null {
  const rows = new LevelRows();
  for (const [priceText, quantityText] of pairs) {
    const price = sentDecimal(String(priceText), LARGEST_PRICE);
    const quantity = sentDecimal(String(quantityText), LARGEST_QUANTITY);
    if (price === null || quantity === null) return null;
    const form = levelForm(
      sentForm(price.scale, price.zeros),
      sentForm(quantity.scale, quantity.zeros),
    );
    rows.add(price.digits, quantity.digits, form);
  }
  return rows;
}
