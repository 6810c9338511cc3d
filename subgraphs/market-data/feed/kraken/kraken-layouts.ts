import type { FeedEvent } from '../../domain/feed-event.ts';
import type { FrameCursor } from '../frames/frame-cursor.ts';
import { FrameLiteral } from '../frames/frame-literal.ts';
import type { FrameWords } from '../frames/frame-words.ts';
import type { KrakenBook } from './kraken-book.ts';
import type { LevelsLayout } from '../frames/levels-layout.ts';
import type { SentFrame } from '../frames/sent-frame.ts';
import type { VenueTrack } from '../venue-tracks.ts';

const UPDATE = new FrameLiteral('{"channel":"book","type":"update","data":[{"symbol":"');
const SNAPSHOT = new FrameLiteral('{"channel":"book","type":"snapshot","data":[{"symbol":"');
const BIDS = listOf(',"bids":');
const ASKS = listOf(',"asks":');
const CHECKSUM = new FrameLiteral(',"checksum":');
const TIMESTAMP = new FrameLiteral(',"timestamp":"');
const TIME_END = new FrameLiteral('Z"}]}');
const END = new FrameLiteral('}]}');

/**
 * Reads a book message in the venue's usual layout, and gives it to its book.
 * @returns the book's events; null for any other message, of which no book hears
 */
export function krakenBookEvents(
  sent: SentFrame,
  tracks: FrameWords<VenueTrack<KrakenBook>>,
  cursor: FrameCursor,
): FeedEvent[] | null {
  cursor.begin(sent);
  const isSnapshot = !cursor.isNext(UPDATE);
  if (isSnapshot && !cursor.isNext(SNAPSHOT)) return null;
  const book = cursor.word(tracks)?.book;
  const bids = cursor.levels(BIDS);
  const asks = cursor.levels(ASKS);
  const checksum = cursor.integerAfter(CHECKSUM);
  const sentAt = cursor.isNext(TIMESTAMP) ? cursor.isoMicroseconds(TIME_END) : null;
  if (sentAt === null) cursor.skip(END);
  if (!cursor.isDone) return null;
  if (book === undefined) return [];
  const levels = { bids, asks, checksum };
  return isSnapshot ? book.snapshot(levels, sentAt) : book.update(levels, sentAt);
}

function listOf(before: string): LevelsLayout {
  return {
    none: new FrameLiteral(`${before}[]`),
    beforeFirst: new FrameLiteral(`${before}[{"price":`),
    beforeQuantity: new FrameLiteral(',"qty":'),
    beforeNext: new FrameLiteral('},{"price":'),
    end: new FrameLiteral('}]'),
  };
}
