import type { Level } from '../../domain/book/level.ts';
import {
  LARGEST_PRICE,
  LARGEST_QUANTITY,
  LevelRows,
  type Levels,
} from '../../domain/book/level-rows.ts';
import { levelForm, sentForm } from '../../domain/book/sent-form.ts';
import { MalformedFrameError, priceOf, quantityOf } from './malformed-frame.ts';
import { type SentDecimal, sentDecimal } from './sent-decimal.ts';

const ZERO = /^0+(?:\.0+)?$/;

/** Price and quantity of a level as found in a frame, not validated yet. */
export type SentPair = readonly [price: unknown, quantity: unknown];

/** More levels than this are taken only if all of them fit in rows: as exact amounts they would take seconds. */
const MOST_EXACT = 100_000;

/**
 * Levels from a frame that the general parser read; rows if all of them fit.
 * @throws MalformedFrameError if a price or a quantity is invalid, or too many levels do not fit
 */
export function sentLevels(pairs: readonly SentPair[]): Levels {
  return sentRows(pairs) ?? exactLevels(pairs, sentLevel);
}

/** Levels that do not fit in rows. @throws MalformedFrameError as {@link sentLevels} does */
export function exactLevels<Exact extends Level>(
  pairs: readonly SentPair[],
  levelOf: (pair: SentPair) => Exact,
): Exact[] {
  if (pairs.length > MOST_EXACT)
    throw new MalformedFrameError(`it has ${pairs.length} levels that do not fit in rows.`);
  return pairs.map(levelOf);
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

/** Rows from the texts of prices and quantities; null if any of them does not fit, or is invalid. */
export function sentRows(pairs: readonly SentPair[]): LevelRows | null {
  const rows = new LevelRows();
  for (const [priceText, quantityText] of pairs) {
    const price = wholeDecimal(priceText, LARGEST_PRICE);
    const quantity = wholeDecimal(quantityText, LARGEST_QUANTITY);
    if (price === null || quantity === null || price.digits === 0) return null;
    const form = levelForm(
      sentForm(price.scale, price.zeros),
      sentForm(quantity.scale, quantity.zeros),
    );
    rows.add(price.digits, quantity.digits, form);
  }
  return rows;
}

function wholeDecimal(text: unknown, largest: number): SentDecimal | null {
  if (typeof text !== 'string') return null;
  const decimal = sentDecimal(text, largest);
  return decimal?.length === text.length ? decimal : null;
}
