import { FrameCursor } from './frame-cursor.ts';
import type { PublishedLevel, PublishedLevels } from './kraken-book.ts';

/** A book message of Kraken's WebSocket v2 as its fields. */
export interface KrakenFrame extends PublishedLevels {
  readonly isSnapshot: boolean;
  readonly venueSymbol: string;
  readonly time: string | null;
}

/** Reads a book message in the layout that the venue has always used; null for any other. */
export function krakenFrame(text: string): KrakenFrame | null {
  const cursor = new FrameCursor(text);
  const isSnapshot = cursor.isNext('{"channel":"book","type":"snapshot"');
  if (!isSnapshot && !cursor.isNext('{"channel":"book","type":"update"')) return null;
  cursor.skip(',"data":[{"symbol":"');
  const venueSymbol = cursor.word();
  cursor.skip(',"bids":');
  const bids = publishedLevels(cursor);
  cursor.skip(',"asks":');
  const asks = publishedLevels(cursor);
  cursor.skip(',"checksum":');
  cursor.integer();
  const checksum = cursor.decimalText;
  const time = cursor.isNext(',"timestamp":"') ? cursor.word() : null;
  cursor.skip('}]}');
  return cursor.isDone ? { isSnapshot, venueSymbol, bids, asks, checksum, time } : null;
}

function publishedLevels(cursor: FrameCursor): readonly PublishedLevel[] {
  const levels: PublishedLevel[] = [];
  cursor.skip('[');
  if (cursor.isNext(']')) return levels;
  do {
    cursor.skip('{"price":');
    const price = cursor.price();
    const priceText = cursor.decimalText;
    cursor.skip(',"qty":');
    const quantity = cursor.quantity();
    levels.push({ price, quantity, priceText, quantityText: cursor.decimalText });
    cursor.skip('}');
  } while (cursor.isNext(','));
  cursor.skip(']');
  return levels;
}
