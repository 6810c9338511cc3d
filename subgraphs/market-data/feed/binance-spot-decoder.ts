import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import type { Level } from '../domain/level.ts';
import { DepthSynchronizer } from './depth-synchronizer.ts';
import { type Fields, fieldsOf } from './frame-fields.ts';
import { integerOf, MalformedFrameError, priceOf, quantityOf } from './malformed-frame.ts';
import { TradeSequence } from './trade-sequence.ts';

/** What is followed for one instrument of the venue. */
interface Track {
  readonly symbol: InstrumentSymbol;
  readonly depth: DepthSynchronizer;
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

  /** @param symbols the venue's symbol, like `BTCUSDT` → ours; others are passed over */
  constructor(symbols: ReadonlyMap<string, InstrumentSymbol>) {
    this.#tracks = new Map(
      [...symbols].map(([venueSymbol, symbol]): [string, Track] => [
        venueSymbol,
        {
          symbol,
          depth: new DepthSynchronizer(symbol),
          trades: new TradeSequence(),
          lastQuoteId: -1,
        },
      ]),
    );
  }

  /** Symbols of the venue whose book waits for a snapshot. */
  needsSnapshot(): string[] {
    return [...this.#tracks].filter(([, { depth }]) => depth.needsSnapshot).map(([name]) => name);
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
    return track.depth.snapshot(integerOf(lastUpdateId), {
      bids: levelsOf(bids),
      asks: levelsOf(asks),
    });
  }
}

function quoteEvents(track: Track, fields: Fields): FeedEvent[] {
  const updateId = integerOf(fields['u']);
  if (updateId <= track.lastQuoteId) return [];
  const bid = { price: priceOf(fields['b']), quantity: quantityOf(fields['B']) };
  const ask = { price: priceOf(fields['a']), quantity: quantityOf(fields['A']) };
  track.lastQuoteId = updateId;
  return [{ kind: 'quote', symbol: track.symbol, bid, ask, exchangeTimeMs: null }];
}

function tradeEvents({ symbol, trades }: Track, fields: Fields): FeedEvent[] {
  return trades.follow({
    kind: 'trade',
    symbol,
    tradeId: String(integerOf(fields['t'])),
    price: priceOf(fields['p']),
    quantity: quantityOf(fields['q']),
    // `m`: the buyer was the maker, so the seller took.
    aggressorSide: fields['m'] === true ? 'SELL' : 'BUY',
    exchangeTimeMs: integerOf(fields['T']),
  });
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
