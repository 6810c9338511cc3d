import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import type { Level } from '../domain/level.ts';
import { type BinanceFrame, binanceFrame } from './binance-layouts.ts';
import { BookHorizon } from './book-horizon.ts';
import { DepthSynchronizer } from './depth-synchronizer.ts';
import { type Fields, fieldsOf, parseFrame } from './frame-fields.ts';
import { integerOf, MalformedFrameError, priceOf, quantityOf } from './malformed-frame.ts';
import { TradeSequence } from './trade-sequence.ts';

/** What is followed for one instrument of the venue. */
interface Track {
  readonly symbol: InstrumentSymbol;
  readonly depth: DepthSynchronizer;
  readonly horizon: BookHorizon;
  readonly trades: TradeSequence;
  lastQuoteId: number;
}

/**
 * Turns Binance Spot's combined-stream frames into feed events: the same for a live connection and
 * for a recording of one. Numbers stay text until they are exact integers. Holds what one
 * connection knows: a new connection needs a new decoder.
 */
export class BinanceSpotDecoder {
  readonly #tracks: ReadonlyMap<string, Track>;

  /**
   * @param symbols the venue's symbol, like `BTCUSDT` → ours; others are passed over
   * @param snapshotLevels the most levels of a side in the snapshots that are asked for
   */
  constructor(symbols: ReadonlyMap<string, InstrumentSymbol>, snapshotLevels = Infinity) {
    this.#tracks = new Map(
      [...symbols].map(([venueSymbol, symbol]): [string, Track] => [
        venueSymbol,
        {
          symbol,
          depth: new DepthSynchronizer(symbol),
          horizon: new BookHorizon(snapshotLevels),
          trades: new TradeSequence(),
          lastQuoteId: -1,
        },
      ]),
    );
  }

  /** Symbols of the venue whose book waits for a snapshot, or soon needs one that reaches further. */
  needsSnapshot(): string[] {
    return [...this.#tracks].filter(([, { depth }]) => depth.needsSnapshot).map(([name]) => name);
  }

  /** As {@link frame}, of the text that was sent; the usual layouts are read several times as fast. */
  text(text: string): FeedEvent[] {
    const frame = binanceFrame(text);
    if (frame === null) return this.frame(parseFrame(text));
    const track = this.#tracks.get(frame.venueSymbol);
    if (track === undefined) return [];
    switch (frame.kind) {
      case 'quote':
        return newQuoteEvents(track, frame);
      case 'trade':
        return newTradeEvents(track, frame);
      case 'depth':
        return track.depth.diff(frame);
      default:
        return assertNever(frame, 'BinanceSpotDecoder.text');
    }
  }

  /**
   * One message of the combined stream, `{"stream":"btcusdt@trade","data":{…}}`. A repeated one is
   * harmless; a missing one is told as a loss where the venue's counters show it.
   * @throws MalformedFrameError when it is not what the venue documents
   */
  frame(message: unknown): FeedEvent[] {
    const { stream, data } = fieldsOf(message);
    if (typeof stream !== 'string') throw new MalformedFrameError('it names no stream.');
    const channel = stream.slice(stream.indexOf('@') + 1);
    const fields = fieldsOf(data);
    const track = this.#tracks.get(String(fields['s']));
    if (track === undefined) return [];
    if (channel === 'bookTicker') return quoteEvents(track, fields);
    if (channel === 'trade') return tradeEvents(track, fields);
    if (channel === 'depth' || channel.startsWith('depth@')) return depthEvents(track, fields);
    return [];
  }

  /**
   * The answer of the venue's REST depth request for one symbol.
   * @throws MalformedFrameError when it is not what the venue documents
   */
  snapshot(venueSymbol: string, message: unknown): FeedEvent[] {
    const track = this.#tracks.get(venueSymbol);
    if (track === undefined) return [];
    const { lastUpdateId, bids, asks } = fieldsOf(message);
    const levels = { bids: levelsOf(bids), asks: levelsOf(asks) };
    const events = track.depth.snapshot(integerOf(lastUpdateId), levels);
    if (events.length > 0) track.horizon.begin(levels);
    return events;
  }
}

function quoteEvents(track: Track, fields: Fields): FeedEvent[] {
  const updateId = integerOf(fields['u']);
  if (updateId <= track.lastQuoteId) return [];
  const bid = { price: priceOf(fields['b']), quantity: quantityOf(fields['B']) };
  const ask = { price: priceOf(fields['a']), quantity: quantityOf(fields['A']) };
  return newQuoteEvents(track, { updateId, bid, ask });
}

function newQuoteEvents(
  track: Track,
  { updateId, bid, ask }: { readonly updateId: number; readonly bid: Level; readonly ask: Level },
): FeedEvent[] {
  if (updateId <= track.lastQuoteId) return [];
  track.lastQuoteId = updateId;
  if (track.horizon.isNear({ bid, ask })) track.depth.renew();
  return [{ kind: 'quote', symbol: track.symbol, bid, ask, exchangeTimeMs: null }];
}

function tradeEvents(track: Track, fields: Fields): FeedEvent[] {
  return newTradeEvents(track, {
    tradeId: String(integerOf(fields['t'])),
    price: priceOf(fields['p']),
    quantity: quantityOf(fields['q']),
    exchangeTimeMs: integerOf(fields['T']),
    isBuyerMaker: fields['m'] === true,
  });
}

type TradeFields = Omit<BinanceFrame & { readonly kind: 'trade' }, 'kind' | 'venueSymbol'>;

function newTradeEvents({ symbol, trades }: Track, fields: TradeFields): FeedEvent[] {
  const { tradeId, price, quantity, exchangeTimeMs, isBuyerMaker } = fields;
  // Where the buyer was the maker, the seller took.
  const aggressorSide = isBuyerMaker ? 'SELL' : 'BUY';
  const place = { symbol, exchangeTimeMs };
  return trades.follow({ kind: 'trade', tradeId, price, quantity, aggressorSide, ...place });
}

function depthEvents(track: Track, fields: Fields): FeedEvent[] {
  return track.depth.diff({
    firstUpdateId: integerOf(fields['U']),
    lastUpdateId: integerOf(fields['u']),
    exchangeTimeMs: integerOf(fields['E']),
    bids: levelsOf(fields['b']),
    asks: levelsOf(fields['a']),
  });
}

function levelsOf(value: unknown): Level[] {
  if (!Array.isArray(value)) throw new MalformedFrameError('levels are missing.');
  return value.map((level: unknown) => {
    const [price, quantity] = Array.isArray(level) ? (level as unknown[]) : [];
    return { price: priceOf(price), quantity: quantityOf(quantity) };
  });
}
