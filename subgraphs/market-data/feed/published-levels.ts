import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { LevelText } from '../domain/checksum.ts';
import type { Level } from '../domain/level.ts';
import type { LevelRows } from '../domain/level-rows.ts';
import {
  priceScaleOf,
  priceZerosOf,
  quantityScaleOf,
  quantityZerosOf,
} from '../domain/sent-form.ts';
import { sentLevel, sentRows, type SentPair } from './sent-levels.ts';

/** A level with its digits as the venue published them: the checksum counts each of them. */
export type PublishedLevel = Level & LevelText;

/** Levels of one side with every digit as it was published, which rows keep as well. */
export type PublishedSide = readonly PublishedLevel[] | LevelRows;

/** Changes of one book, or the whole of it, as one message brings them. */
export interface PublishedLevels {
  readonly bids: PublishedSide;
  readonly asks: PublishedSide;
  /** Of the book after them; null if the message has none. */
  readonly checksum: number | null;
}

/**
 * Levels out of a frame that was read in the general way.
 * @throws MalformedFrameError if a price or a quantity is none
 */
export function publishedSide(pairs: readonly SentPair[]): PublishedSide {
  const levels = pairs.map((pair): PublishedLevel => {
    const [price, quantity] = pair;
    return { ...sentLevel(pair), priceText: String(price), quantityText: String(quantity) };
  });
  return sentRows(pairs) ?? levels;
}

/** A level of rows, with its digits as text. */
export function publishedRow(rows: LevelRows, index: number): PublishedLevel {
  const level = rows.at(index) as Level;
  const form = rows.formAt(index);
  return {
    ...level,
    priceText: formatPrice(level.price, priceScaleOf(form) + priceZerosOf(form)),
    quantityText: formatQuantity(level.quantity, quantityScaleOf(form) + quantityZerosOf(form)),
  };
}

/** The number of a checksum's text; one that is equal to none if it is written otherwise. */
export function publishedChecksum(text: string): number {
  const checksum = Number(text);
  return String(checksum) === text ? checksum : NaN;
}
