import type { FrameCursor } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';
import type { FrameWords } from './frame-words.ts';
import type { LevelsLayout } from './levels-layout.ts';
import type { PublishedLevels } from './published-levels.ts';
import type { SentFrame } from './sent-frame.ts';

/** The fields of a book message of Kraken's WebSocket v2. */
export interface KrakenFrame<Track> extends PublishedLevels {
  readonly isSnapshot: boolean;
  /** The state of the venue's symbol; undefined if it is not followed. */
  readonly track: Track | undefined;
  /** Microseconds since the epoch; null if the message carries no time. */
  readonly sentAt: number | null;
}

const UPDATE = new FrameLiteral('{"channel":"book","type":"update","data":[{"symbol":"');
const SNAPSHOT = new FrameLiteral('{"channel":"book","type":"snapshot","data":[{"symbol":"');
const BIDS = listOf(',"bids":');
const ASKS = listOf(',"asks":');
const CHECKSUM = new FrameLiteral(',"checksum":');
const TIMESTAMP = new FrameLiteral(',"timestamp":"');
const TIME_END = new FrameLiteral('Z"}]}');
const END = new FrameLiteral('}]}');

/** Reads a book message in the venue's usual layout; null for any other message. */
export function krakenFrame<Track>(
  sent: SentFrame,
  tracks: FrameWords<Track>,
  cursor: FrameCursor,
): KrakenFrame<Track> | null {
  cursor.begin(sent);
  const isSnapshot = !cursor.isNext(UPDATE);
  if (isSnapshot && !cursor.isNext(SNAPSHOT)) return null;
  const track = cursor.word(tracks);
  const bids = cursor.levels(BIDS);
  const asks = cursor.levels(ASKS);
  const checksum = cursor.integerAfter(CHECKSUM);
  const sentAt = cursor.isNext(TIMESTAMP) ? cursor.isoMicroseconds(TIME_END) : null;
  if (sentAt === null) cursor.skip(END);
  return cursor.isDone ? { isSnapshot, track, bids, asks, checksum, sentAt } : null;
}

function listOf(before: string): LevelsLayout {
  return {
    begin: new FrameLiteral(`${before}[`),
    beforeFirst: new FrameLiteral('{"price":'),
    beforeQuantity: new FrameLiteral(',"qty":'),
    beforeNext: new FrameLiteral('},{"price":'),
    end: new FrameLiteral('}]'),
  };
}
