import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { LevelText } from '../../domain/book/checksum.ts';
import type { Level } from '../../domain/book/level.ts';
import type { LevelRows } from '../../domain/book/level-rows.ts';
import {
  priceScaleOf,
  priceZerosOf,
  quantityScaleOf,
  quantityZerosOf,
} from '../../domain/book/sent-form.ts';
import { exactLevels, sentLevel, sentRows, type SentPair } from './sent-levels.ts';

/** A level with its digits as the venue published them: the checksum covers each of them. */
export type PublishedLevel = Level & LevelText;

/** Levels of one side with every digit as published; rows keep the digits too. */
export type PublishedSide = readonly PublishedLevel[] | LevelRows;

/** The changes of one book, or the whole book, in one message. */
export interface PublishedLevels {
  readonly bids: PublishedSide;
  readonly asks: PublishedSide;
  /** The checksum of the book after these changes; null if the message has none. */
  readonly checksum: number | null;
}

/**
 * Levels from a frame that the general parser read.
 * @throws MalformedFrameError if a price or a quantity is invalid
 */
export function publishedSide(pairs: readonly SentPair[]): PublishedSide {
  return sentRows(pairs) ?? exactLevels(pairs, publishedLevel);
}

function publishedLevel(pair: SentPair): PublishedLevel {
  const [price, quantity] = pair;
  return { ...sentLevel(pair), priceText: String(price), quantityText: String(quantity) };
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

/** A checksum's text as a number; NaN, which equals no checksum, if the text is not a plain number. */
export function publishedChecksum(text: string): number {
  const checksum = Number(text);
  return String(checksum) === text ? checksum : NaN;
}
