import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { BookLevels, Level } from '../domain/level.ts';
import { FrameCursor } from './frame-cursor.ts';

/** A frame of Binance Spot as its fields; symbol and id tell whether the rest matters. */
export type BinanceFrame =
  | {
      readonly kind: 'quote';
      readonly venueSymbol: string;
      readonly updateId: number;
      readonly bid: Level;
      readonly ask: Level;
    }
  | {
      readonly kind: 'trade';
      readonly venueSymbol: string;
      readonly tradeId: string;
      readonly price: Price;
      readonly quantity: Quantity;
      readonly exchangeTimeMs: number;
      readonly isBuyerMaker: boolean;
    }
  | ({
      readonly kind: 'depth';
      readonly venueSymbol: string;
      readonly exchangeTimeMs: number;
      readonly firstUpdateId: number;
      readonly lastUpdateId: number;
    } & BookLevels);

/** Reads a frame in the layout that the venue has always used; null for any other. */
export function binanceFrame(text: string): BinanceFrame | null {
  const cursor = new FrameCursor(text);
  cursor.skip('{"stream":"');
  const stream = cursor.word();
  cursor.skip(',"data":{');
  const frame = frameOf(stream.slice(stream.indexOf('@') + 1), cursor);
  cursor.skip('}}');
  return cursor.isDone ? frame : null;
}

function frameOf(channel: string, cursor: FrameCursor): BinanceFrame | null {
  if (channel === 'bookTicker') return quoteFrame(cursor);
  if (channel === 'trade') return tradeFrame(cursor);
  return channel === 'depth@100ms' ? depthFrame(cursor) : null;
}

function tradeFrame(cursor: FrameCursor): BinanceFrame {
  cursor.skip('"e":"trade","E":');
  cursor.integer();
  cursor.skip(',"s":"');
  const venueSymbol = cursor.word();
  cursor.skip(',"t":');
  cursor.integer();
  const tradeId = cursor.decimalText;
  const { price, quantity } = quotedLevel(cursor, ',"p":"', ',"q":"');
  cursor.skip(',"T":');
  const exchangeTimeMs = cursor.integer();
  const isBuyerMaker = cursor.isNext(',"m":true');
  if (!isBuyerMaker) cursor.skip(',"m":false');
  if (!cursor.isNext(',"M":true')) cursor.skip(',"M":false');
  return { kind: 'trade', venueSymbol, tradeId, price, quantity, exchangeTimeMs, isBuyerMaker };
}

function quoteFrame(cursor: FrameCursor): BinanceFrame {
  cursor.skip('"u":');
  const updateId = cursor.integer();
  cursor.skip(',"s":"');
  const venueSymbol = cursor.word();
  const bid = quotedLevel(cursor, ',"b":"', ',"B":"');
  const ask = quotedLevel(cursor, ',"a":"', ',"A":"');
  return { kind: 'quote', venueSymbol, updateId, bid, ask };
}

function quotedLevel(cursor: FrameCursor, beforePrice: string, beforeQuantity: string): Level {
  cursor.skip(beforePrice);
  const price = cursor.price();
  cursor.skip('"');
  cursor.skip(beforeQuantity);
  const quantity = cursor.quantity();
  cursor.skip('"');
  return { price, quantity };
}

function depthFrame(cursor: FrameCursor): BinanceFrame {
  cursor.skip('"e":"depthUpdate","E":');
  const exchangeTimeMs = cursor.integer();
  cursor.skip(',"s":"');
  const venueSymbol = cursor.word();
  cursor.skip(',"U":');
  const firstUpdateId = cursor.integer();
  cursor.skip(',"u":');
  const lastUpdateId = cursor.integer();
  cursor.skip(',"b":');
  const bids = cursor.levels();
  cursor.skip(',"a":');
  const asks = cursor.levels();
  const ids = { firstUpdateId, lastUpdateId, exchangeTimeMs };
  return { kind: 'depth', venueSymbol, ...ids, bids, asks };
}
