import { FrameCursor, type LevelLayout } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';
import type { PublishedLevels } from './published-levels.ts';

/** A book message of Kraken's WebSocket v2 as its fields. */
export interface KrakenFrame extends PublishedLevels {
  readonly isSnapshot: boolean;
  readonly venueSymbol: string;
  /** Microseconds since the epoch; null if it tells none. */
  readonly sentAt: number | null;
}

const UPDATE = new FrameLiteral('{"channel":"book","type":"update","data":[{"symbol":"');
const SNAPSHOT = new FrameLiteral('{"channel":"book","type":"snapshot","data":[{"symbol":"');
const BIDS = new FrameLiteral(',"bids":');
const ASKS = new FrameLiteral(',"asks":');
const CHECKSUM = new FrameLiteral(',"checksum":');
const TIMESTAMP = new FrameLiteral(',"timestamp":"');
const END = new FrameLiteral('}]}');
const LEVEL: LevelLayout = {
  beforePrice: new FrameLiteral('{"price":'),
  beforeQuantity: new FrameLiteral(',"qty":'),
  end: new FrameLiteral('}'),
};

/**
 * Reads a book message in the layout that the venue has always used; null for any other.
 * @param cursor one that is used again and again
 */
export function krakenFrame(text: string, cursor = new FrameCursor()): KrakenFrame | null {
  cursor.begin(text);
  const isSnapshot = !cursor.isNext(UPDATE);
  if (isSnapshot && !cursor.isNext(SNAPSHOT)) return null;
  const venueSymbol = cursor.word();
  cursor.skip(BIDS);
  const bids = cursor.levels(LEVEL);
  cursor.skip(ASKS);
  const asks = cursor.levels(LEVEL);
  cursor.skip(CHECKSUM);
  const checksum = cursor.integer();
  const sentAt = cursor.isNext(TIMESTAMP) ? cursor.isoMicroseconds() : null;
  cursor.skip(END);
  return cursor.isDone ? { isSnapshot, venueSymbol, bids, asks, checksum, sentAt } : null;
}
