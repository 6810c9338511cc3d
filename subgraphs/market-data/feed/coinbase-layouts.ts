import { type BookChanges, LevelRows, NO_ROWS } from '../domain/level-rows.ts';
import { FrameCursor, type LevelLayout, QUOTED_PAIR } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';

/** A book message of Coinbase Exchange as its fields. */
export type CoinbaseFrame =
  | ({ readonly kind: 'snapshot'; readonly product: string } & BookChanges)
  | ({
      readonly kind: 'update';
      readonly product: string;
      /** Microseconds since the epoch. */
      readonly sentAt: number;
    } & BookChanges);

const UPDATE = new FrameLiteral('{"type":"l2update","product_id":"');
const SNAPSHOT = new FrameLiteral('{"type":"snapshot","product_id":"');
const CHANGES = new FrameLiteral(',"changes":[');
const COMMA = new FrameLiteral(',');
const BUY = new FrameLiteral('["buy"');
const SELL = new FrameLiteral('["sell"');
const TIME = new FrameLiteral('],"time":"');
const ASKS = new FrameLiteral(',"asks":');
const BIDS = new FrameLiteral(',"bids":');
const END = new FrameLiteral('}');
/** What follows the side of a change. */
const CHANGE: LevelLayout = { ...QUOTED_PAIR, beforePrice: new FrameLiteral(',"') };

/**
 * Reads a book message in the layout that the venue has always used; null for any other.
 * @param cursor one that is used again and again
 */
export function coinbaseFrame(text: string, cursor = new FrameCursor()): CoinbaseFrame | null {
  cursor.begin(text);
  const isUpdate = cursor.isNext(UPDATE);
  if (!isUpdate && !cursor.isNext(SNAPSHOT)) return null;
  const frame = isUpdate ? updateFrame(cursor) : snapshotFrame(cursor);
  cursor.skip(END);
  return cursor.isDone ? frame : null;
}

function updateFrame(cursor: FrameCursor): CoinbaseFrame {
  const product = cursor.word();
  let [bids, asks] = [NO_ROWS, NO_ROWS];
  cursor.skip(CHANGES);
  do {
    if (cursor.isNext(BUY)) cursor.level(CHANGE, (bids = begun(bids)));
    else {
      cursor.skip(SELL);
      cursor.level(CHANGE, (asks = begun(asks)));
    }
  } while (cursor.isNext(COMMA));
  cursor.skip(TIME);
  return { kind: 'update', product, bids, asks, sentAt: cursor.isoMicroseconds() };
}

function snapshotFrame(cursor: FrameCursor): CoinbaseFrame {
  const product = cursor.word();
  cursor.skip(ASKS);
  const asks = cursor.levels(QUOTED_PAIR);
  cursor.skip(BIDS);
  return { kind: 'snapshot', product, asks, bids: cursor.levels(QUOTED_PAIR) };
}

/** Most messages change one side, so rows are made when there is a change. */
function begun(rows: LevelRows): LevelRows {
  return rows === NO_ROWS ? new LevelRows() : rows;
}
