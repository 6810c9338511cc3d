import { type BookChanges, LevelRows, NO_ROWS } from '../domain/level-rows.ts';
import { type FrameCursor, quotedPairs } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';
import type { FrameWords } from './frame-words.ts';
import type { SentFrame } from './sent-frame.ts';

/** A book message of Coinbase Exchange as its fields. */
export interface CoinbaseFrame<Track> extends BookChanges {
  /** What is followed of the product; undefined if nothing is. */
  readonly track: Track | undefined;
  /** Microseconds since the epoch; null for a snapshot, which tells no time. */
  readonly sentAt: number | null;
}

const UPDATE = new FrameLiteral('{"type":"l2update","product_id":"');
const SNAPSHOT = new FrameLiteral('{"type":"snapshot","product_id":"');
const CHANGES = new FrameLiteral(',"changes":[');
const BUY = new FrameLiteral('["buy","');
const SELL = new FrameLiteral('["sell","');
const QUANTITY = new FrameLiteral('","');
const NEXT = new FrameLiteral('"],');
const TIME = new FrameLiteral('"]],"time":"');
const ASKS = quotedPairs(',"asks":');
const BIDS = quotedPairs(',"bids":');
const TIME_END = new FrameLiteral('Z"}');
const END = new FrameLiteral('}');

/** Reads a book message in the layout that the venue has always used; null for any other. */
export function coinbaseFrame<Track>(
  sent: SentFrame,
  tracks: FrameWords<Track>,
  cursor: FrameCursor,
): CoinbaseFrame<Track> | null {
  cursor.begin(sent);
  const isUpdate = cursor.isNext(UPDATE);
  if (!isUpdate && !cursor.isNext(SNAPSHOT)) return null;
  const track = cursor.word(tracks);
  const frame = isUpdate ? updateFrame(track, cursor) : snapshotFrame(track, cursor);
  return cursor.isDone ? frame : null;
}

function updateFrame<Track>(track: Track | undefined, cursor: FrameCursor): CoinbaseFrame<Track> {
  let [bids, asks] = [NO_ROWS, NO_ROWS];
  cursor.skip(CHANGES);
  do {
    if (cursor.isNext(BUY)) cursor.level(QUANTITY, (bids = begun(bids)));
    else {
      cursor.skip(SELL);
      cursor.level(QUANTITY, (asks = begun(asks)));
    }
  } while (cursor.isNext(NEXT));
  cursor.skip(TIME);
  return { track, bids, asks, sentAt: cursor.isoMicroseconds(TIME_END) };
}

function snapshotFrame<Track>(track: Track | undefined, cursor: FrameCursor): CoinbaseFrame<Track> {
  const asks = cursor.levels(ASKS);
  const bids = cursor.levels(BIDS);
  cursor.skip(END);
  return { track, asks, bids, sentAt: null };
}

/** Most messages change one side, so rows are made when there is a change. */
function begun(rows: LevelRows): LevelRows {
  return rows === NO_ROWS ? new LevelRows() : rows;
}
