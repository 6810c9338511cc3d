import type { FeedEvent } from '../../domain/feed-event.ts';
import type { Level } from '../../domain/book/level.ts';
import { type FeedLevels, LevelRows, NO_ROWS } from '../../domain/book/level-rows.ts';
import type { CoinbaseBook } from './coinbase-book.ts';
import type { FrameCursor } from '../frames/frame-cursor.ts';
import { FrameLiteral } from '../frames/frame-literal.ts';
import type { FrameWords } from '../frames/frame-words.ts';
import { quotedPairs } from '../frames/levels-layout.ts';
import type { SentFrame } from '../frames/sent-frame.ts';
import type { VenueTrack } from '../venue-tracks.ts';

/** The fields of a Coinbase Exchange message other than a change of a book. */
export type CoinbaseFrame<Track> =
  | ({
      readonly kind: 'snapshot';
      /** The state of the product; undefined if it is not followed. */
      readonly track: Track | undefined;
    } & FeedLevels)
  | {
      readonly kind: 'match';
      readonly track: Track | undefined;
      readonly tradeId: string;
      readonly traded: Level;
      readonly isMakerBuyer: boolean;
      /** Microseconds since the epoch. */
      readonly sentAt: number;
    }
  | {
      readonly kind: 'ticker';
      readonly track: Track | undefined;
      /** Null for a ticker in an old recording, which has no quantities. */
      readonly top: { readonly bid: Level; readonly ask: Level } | null;
      /** Microseconds since the epoch. */
      readonly sentAt: number;
    };

const QUOTE = 0x22;
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
const MATCH = {
  begin: new FrameLiteral('{"type":"match","trade_id":'),
  maker: new FrameLiteral(',"maker_order_id":"'),
  taker: new FrameLiteral(',"taker_order_id":"'),
  bought: new FrameLiteral(',"side":"buy","size":"'),
  sold: new FrameLiteral(',"side":"sell","size":"'),
  price: new FrameLiteral('","price":"'),
  product: new FrameLiteral('","product_id":"'),
  sequence: new FrameLiteral(',"sequence":'),
  time: new FrameLiteral(',"time":"'),
};

const TICKER = {
  begin: new FrameLiteral('{"type":"ticker","sequence":'),
  product: new FrameLiteral(',"product_id":"'),
  passedOver: ['price', 'open_24h', 'volume_24h', 'low_24h', 'high_24h', 'volume_30d'].map(
    (name) => new FrameLiteral(`,"${name}":"`),
  ),
  bid: new FrameLiteral(',"best_bid":"'),
  bidQuantity: new FrameLiteral('","best_bid_size":"'),
  ask: new FrameLiteral('","best_ask":"'),
  askQuantity: new FrameLiteral('","best_ask_size":"'),
  side: new FrameLiteral('","side":"'),
  time: new FrameLiteral(',"time":"'),
  tradeId: new FrameLiteral('Z","trade_id":'),
  lastQuantity: new FrameLiteral(',"last_size":"'),
};

/**
 * Reads a change of a book in the venue's usual layout, and gives it to its book.
 * @returns the book's events; null for any other message, of which no book hears
 */
export function coinbaseUpdateEvents(
  sent: SentFrame,
  tracks: FrameWords<VenueTrack<CoinbaseBook>>,
  cursor: FrameCursor,
): FeedEvent[] | null {
  cursor.begin(sent);
  if (!cursor.isNext(UPDATE)) return null;
  const book = cursor.word(tracks)?.book;
  let bids = NO_ROWS;
  let asks = NO_ROWS;
  cursor.skip(CHANGES);
  do {
    if (cursor.isNext(BUY)) cursor.level(QUANTITY, (bids = begun(bids)));
    else {
      cursor.skip(SELL);
      cursor.level(QUANTITY, (asks = begun(asks)));
    }
  } while (cursor.isNext(NEXT));
  cursor.skip(TIME);
  const sentAt = cursor.isoMicroseconds(TIME_END);
  if (!cursor.isDone) return null;
  return book === undefined ? [] : book.update({ bids, asks }, sentAt);
}

/** Reads a snapshot, trade or ticker message in the venue's usual layout; null for any other message. */
export function coinbaseFrame<Track>(
  sent: SentFrame,
  tracks: FrameWords<Track>,
  cursor: FrameCursor,
): CoinbaseFrame<Track> | null {
  cursor.begin(sent);
  const frame = frameOf(tracks, cursor);
  return cursor.isDone ? frame : null;
}

function frameOf<Track>(tracks: FrameWords<Track>, cursor: FrameCursor) {
  if (cursor.isNext(MATCH.begin)) return matchFrame(tracks, cursor);
  if (cursor.isNext(TICKER.begin)) return tickerFrame(tracks, cursor);
  return cursor.isNext(SNAPSHOT) ? snapshotFrame(cursor.word(tracks), cursor) : null;
}

function snapshotFrame<Track>(track: Track | undefined, cursor: FrameCursor): CoinbaseFrame<Track> {
  const asks = cursor.levels(ASKS);
  const bids = cursor.levels(BIDS);
  cursor.skip(END);
  return { kind: 'snapshot', track, bids, asks };
}

function matchFrame<Track>(tracks: FrameWords<Track>, cursor: FrameCursor): CoinbaseFrame<Track> {
  const tradeId = String(cursor.integer());
  cursor.skip(MATCH.maker);
  cursor.skipTo(QUOTE);
  cursor.skip(MATCH.taker);
  cursor.skipTo(QUOTE);
  const isMakerBuyer = cursor.isNext(MATCH.bought);
  if (!isMakerBuyer) cursor.skip(MATCH.sold);
  const quantity = cursor.quantity();
  cursor.skip(MATCH.price);
  const traded = { price: cursor.price(), quantity };
  cursor.skip(MATCH.product);
  const track = cursor.word(tracks);
  cursor.skip(MATCH.sequence);
  cursor.integer();
  cursor.skip(MATCH.time);
  const sentAt = cursor.isoMicroseconds(TIME_END);
  return { kind: 'match', track, tradeId, traded, isMakerBuyer, sentAt };
}

function tickerFrame<Track>(tracks: FrameWords<Track>, cursor: FrameCursor): CoinbaseFrame<Track> {
  cursor.integer();
  cursor.skip(TICKER.product);
  const track = cursor.word(tracks);
  for (const name of TICKER.passedOver) {
    cursor.skip(name);
    cursor.skipTo(QUOTE);
  }
  cursor.skip(TICKER.bid);
  const bid = quotedLevel(TICKER.bidQuantity, cursor);
  cursor.skip(TICKER.ask);
  const ask = quotedLevel(TICKER.askQuantity, cursor);
  cursor.skip(TICKER.side);
  cursor.skipTo(QUOTE);
  cursor.skip(TICKER.time);
  const sentAt = cursor.isoMicroseconds(TICKER.tradeId);
  cursor.integer();
  cursor.skip(TICKER.lastQuantity);
  cursor.skipTo(QUOTE);
  cursor.skip(END);
  const top = bid === null || ask === null ? null : { bid, ask };
  return { kind: 'ticker', track, top, sentAt };
}

function quotedLevel(beforeQuantity: FrameLiteral, cursor: FrameCursor): Level | null {
  const price = cursor.price();
  return cursor.isNext(beforeQuantity) ? { price, quantity: cursor.quantity() } : null;
}

/** Most messages change one side only, so rows are created on the first change. */
function begun(rows: LevelRows): LevelRows {
  return rows === NO_ROWS ? new LevelRows() : rows;
}
