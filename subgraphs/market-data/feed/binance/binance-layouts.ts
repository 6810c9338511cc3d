import type { Level } from '../../domain/book/level.ts';
import { type FeedLevels, LevelRows } from '../../domain/book/level-rows.ts';
import type { FrameCursor } from '../frames/frame-cursor.ts';
import { FrameLiteral } from '../frames/frame-literal.ts';
import type { FrameWords } from '../frames/frame-words.ts';
import { quotedPairs } from '../frames/levels-layout.ts';
import type { SentFrame } from '../frames/sent-frame.ts';

/** The fields of a Binance Spot frame; its id and `track` decide whether the rest matters. */
export type BinanceFrame<Track> =
  | {
      readonly kind: 'quote';
      readonly track: Track | undefined;
      readonly updateId: number;
      /** The bid, then the ask. */
      readonly top: LevelRows;
    }
  | {
      readonly kind: 'trade';
      readonly track: Track | undefined;
      readonly tradeId: string;
      readonly traded: Level;
      readonly exchangeTimeMs: number;
      readonly isBuyerMaker: boolean;
    }
  | ({
      readonly kind: 'depth';
      readonly track: Track | undefined;
      readonly exchangeTimeMs: number;
      readonly firstUpdateId: number;
      readonly lastUpdateId: number;
    } & FeedLevels);

const AT = 0x40;
const STREAM = new FrameLiteral('{"stream":"');
const SYMBOL = new FrameLiteral(',"s":"');
const END = new FrameLiteral('}}');
const QUOTE = {
  channel: new FrameLiteral('bookTicker","data":{"u":'),
  bidPrice: new FrameLiteral(',"b":"'),
  bidQuantity: new FrameLiteral('","B":"'),
  askPrice: new FrameLiteral('","a":"'),
  askQuantity: new FrameLiteral('","A":"'),
  end: new FrameLiteral('"}}'),
};
const TRADE = {
  channel: new FrameLiteral('trade","data":{"e":"trade","E":'),
  id: new FrameLiteral(',"t":'),
  price: new FrameLiteral(',"p":"'),
  quantity: new FrameLiteral('","q":"'),
  time: new FrameLiteral('","T":'),
  buyerMade: new FrameLiteral(',"m":true'),
  sellerMade: new FrameLiteral(',"m":false'),
  ignoredTrue: new FrameLiteral(',"M":true'),
  ignoredFalse: new FrameLiteral(',"M":false'),
};
const DEPTH = {
  channel: new FrameLiteral('depth@100ms","data":{"e":"depthUpdate","E":'),
  first: new FrameLiteral(',"U":'),
  last: new FrameLiteral(',"u":'),
  bids: quotedPairs(',"b":'),
  asks: quotedPairs(',"a":'),
};

/** Reads a frame in the venue's usual layout; null for any other layout. */
export function binanceFrame<Track>(
  sent: SentFrame,
  tracks: FrameWords<Track>,
  cursor: FrameCursor,
): BinanceFrame<Track> | null {
  cursor.begin(sent);
  cursor.skip(STREAM);
  cursor.skipTo(AT);
  const frame = frameOf(tracks, cursor);
  return cursor.isDone ? frame : null;
}

function frameOf<Track>(tracks: FrameWords<Track>, cursor: FrameCursor) {
  if (cursor.isNext(QUOTE.channel)) return quoteFrame(tracks, cursor);
  if (cursor.isNext(DEPTH.channel)) return depthFrame(tracks, cursor);
  return cursor.isNext(TRADE.channel) ? tradeFrame(tracks, cursor) : null;
}

function quoteFrame<Track>(tracks: FrameWords<Track>, cursor: FrameCursor): BinanceFrame<Track> {
  const updateId = cursor.integer();
  cursor.skip(SYMBOL);
  const track = cursor.word(tracks);
  const top = new LevelRows();
  cursor.skip(QUOTE.bidPrice);
  cursor.level(QUOTE.bidQuantity, top);
  cursor.skip(QUOTE.askPrice);
  cursor.level(QUOTE.askQuantity, top);
  cursor.skip(QUOTE.end);
  return { kind: 'quote', track, updateId, top };
}

function tradeFrame<Track>(tracks: FrameWords<Track>, cursor: FrameCursor): BinanceFrame<Track> {
  cursor.integer();
  cursor.skip(SYMBOL);
  const track = cursor.word(tracks);
  const tradeId = String(cursor.integerAfter(TRADE.id));
  cursor.skip(TRADE.price);
  const price = cursor.price();
  cursor.skip(TRADE.quantity);
  const traded = { price, quantity: cursor.quantity() };
  const exchangeTimeMs = cursor.integerAfter(TRADE.time);
  const isBuyerMaker = cursor.isNext(TRADE.buyerMade);
  if (!isBuyerMaker) cursor.skip(TRADE.sellerMade);
  if (!cursor.isNext(TRADE.ignoredTrue)) cursor.skip(TRADE.ignoredFalse);
  cursor.skip(END);
  return { kind: 'trade', track, tradeId, traded, exchangeTimeMs, isBuyerMaker };
}

function depthFrame<Track>(tracks: FrameWords<Track>, cursor: FrameCursor): BinanceFrame<Track> {
  const exchangeTimeMs = cursor.integer();
  cursor.skip(SYMBOL);
  const track = cursor.word(tracks);
  const firstUpdateId = cursor.integerAfter(DEPTH.first);
  const lastUpdateId = cursor.integerAfter(DEPTH.last);
  const bids = cursor.levels(DEPTH.bids);
  const asks = cursor.levels(DEPTH.asks);
  cursor.skip(END);
  const kind = 'depth';
  return { kind, track, firstUpdateId, lastUpdateId, exchangeTimeMs, bids, asks };
}
