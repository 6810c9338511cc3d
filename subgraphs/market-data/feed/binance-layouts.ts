import { type BookChanges, LevelRows } from '../domain/level-rows.ts';
import { FrameCursor, type LevelLayout, QUOTED_PAIR } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';

/** A frame of Binance Spot as its fields; symbol and id tell whether the rest matters. */
export type BinanceFrame =
  | {
      readonly kind: 'quote';
      readonly venueSymbol: string;
      readonly updateId: number;
      /** The bid, then the ask. */
      readonly top: LevelRows;
    }
  | {
      readonly kind: 'trade';
      readonly venueSymbol: string;
      readonly tradeId: string;
      /** The one price and quantity. */
      readonly traded: LevelRows;
      readonly exchangeTimeMs: number;
      readonly isBuyerMaker: boolean;
    }
  | ({
      readonly kind: 'depth';
      readonly venueSymbol: string;
      readonly exchangeTimeMs: number;
      readonly firstUpdateId: number;
      readonly lastUpdateId: number;
    } & BookChanges);

const AT = 0x40;
const STREAM = new FrameLiteral('{"stream":"');
const END = new FrameLiteral('}}');
const SYMBOL = new FrameLiteral(',"s":"');
const QUOTE = {
  channel: new FrameLiteral('bookTicker","data":{"u":'),
  bid: quoted(',"b":"', '","B":"'),
  ask: quoted(',"a":"', '","A":"'),
};
const TRADE = {
  channel: new FrameLiteral('trade","data":{"e":"trade","E":'),
  id: new FrameLiteral(',"t":'),
  traded: quoted(',"p":"', '","q":"'),
  time: new FrameLiteral(',"T":'),
  buyerMade: new FrameLiteral(',"m":true'),
  sellerMade: new FrameLiteral(',"m":false'),
  ignoredTrue: new FrameLiteral(',"M":true'),
  ignoredFalse: new FrameLiteral(',"M":false'),
};
const DEPTH = {
  channel: new FrameLiteral('depth@100ms","data":{"e":"depthUpdate","E":'),
  first: new FrameLiteral(',"U":'),
  last: new FrameLiteral(',"u":'),
  bids: new FrameLiteral(',"b":'),
  asks: new FrameLiteral(',"a":'),
};

/**
 * Reads a frame in the layout that the venue has always used; null for any other.
 * @param cursor one that is used again and again
 */
export function binanceFrame(text: string, cursor = new FrameCursor()): BinanceFrame | null {
  cursor.begin(text);
  cursor.skip(STREAM);
  cursor.skipTo(AT);
  const frame = frameOf(cursor);
  cursor.skip(END);
  return cursor.isDone ? frame : null;
}

function frameOf(cursor: FrameCursor): BinanceFrame | null {
  if (cursor.isNext(QUOTE.channel)) return quoteFrame(cursor);
  if (cursor.isNext(DEPTH.channel)) return depthFrame(cursor);
  return cursor.isNext(TRADE.channel) ? tradeFrame(cursor) : null;
}

function quoteFrame(cursor: FrameCursor): BinanceFrame {
  const updateId = cursor.integer();
  cursor.skip(SYMBOL);
  const venueSymbol = cursor.word();
  const top = new LevelRows();
  cursor.level(QUOTE.bid, top);
  cursor.level(QUOTE.ask, top);
  return { kind: 'quote', venueSymbol, updateId, top };
}

function tradeFrame(cursor: FrameCursor): BinanceFrame {
  cursor.integer();
  cursor.skip(SYMBOL);
  const venueSymbol = cursor.word();
  cursor.skip(TRADE.id);
  cursor.integer();
  const tradeId = cursor.decimalText;
  const traded = new LevelRows();
  cursor.level(TRADE.traded, traded);
  cursor.skip(TRADE.time);
  const exchangeTimeMs = cursor.integer();
  const isBuyerMaker = cursor.isNext(TRADE.buyerMade);
  if (!isBuyerMaker) cursor.skip(TRADE.sellerMade);
  if (!cursor.isNext(TRADE.ignoredTrue)) cursor.skip(TRADE.ignoredFalse);
  return { kind: 'trade', venueSymbol, tradeId, traded, exchangeTimeMs, isBuyerMaker };
}

function depthFrame(cursor: FrameCursor): BinanceFrame {
  const exchangeTimeMs = cursor.integer();
  cursor.skip(SYMBOL);
  const venueSymbol = cursor.word();
  cursor.skip(DEPTH.first);
  const firstUpdateId = cursor.integer();
  cursor.skip(DEPTH.last);
  const lastUpdateId = cursor.integer();
  cursor.skip(DEPTH.bids);
  const bids = cursor.levels(QUOTED_PAIR);
  cursor.skip(DEPTH.asks);
  const asks = cursor.levels(QUOTED_PAIR);
  const kind = 'depth';
  return { kind, venueSymbol, firstUpdateId, lastUpdateId, exchangeTimeMs, bids, asks };
}

function quoted(beforePrice: string, beforeQuantity: string): LevelLayout {
  return {
    beforePrice: new FrameLiteral(beforePrice),
    beforeQuantity: new FrameLiteral(beforeQuantity),
    end: new FrameLiteral('"'),
  };
}
