import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { Level } from '../../domain/book/level.ts';
import type { FeedLevels, LevelRows, Levels } from '../../domain/book/level-rows.ts';
import { type BinanceFrame, binanceFrame } from './binance-layouts.ts';
import { BookHorizon } from '../book-horizon.ts';
import { DepthSynchronizer } from './depth-synchronizer.ts';
import { FrameCursor } from '../frames/frame-cursor.ts';
import { type Fields, fieldsOf, parseFrame } from '../frames/frame-fields.ts';
import { FrameWords } from '../frames/frame-words.ts';
import { integerOf, MalformedFrameError, priceOf, quantityOf } from '../frames/malformed-frame.ts';
import { type SentFrame, textOfFrame } from '../frames/sent-frame.ts';
import { quotedLevel, sentLevels, type SentPair } from '../frames/sent-levels.ts';
import { StaleCounters } from '../stale-counters.ts';
import { TradeSequence } from '../trade-sequence.ts';

/** The type of the event by which the venue announces that it will end the connection. */
export const END_ANNOUNCED = 'serverShutdown';

/** The state of one followed instrument. */
interface Track {
  readonly symbol: InstrumentSymbol;
  readonly depth: DepthSynchronizer;
  readonly horizon: BookHorizon;
  readonly trades: TradeSequence;
  lastQuoteId: number;
  readonly staleQuotes: StaleCounters;
  /** The last quote as sent and as read: the next quote usually shares one level with it. */
  quoted: { readonly top: LevelRows; readonly bid: Level; readonly ask: Level } | null;
}

/**
 * Turns Binance Spot's combined-stream frames into feed events, for live connections and recordings
 * alike. Numbers stay text until they are exact integers. Holds the state of one connection: a new
 * connection needs a new decoder.
 */
export class BinanceSpotDecoder {
  readonly #tracks: ReadonlyMap<string, Track>;
  /** The same tracks, by the bytes of the venue's symbol. */
  readonly #words: FrameWords<Track>;
  readonly #cursor = new FrameCursor();

  /**
   * @param symbols the venue's symbol, like `BTCUSDT` → ours; others are skipped
   * @param snapshotLevels the most levels per side that a requested snapshot can have
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
          staleQuotes: new StaleCounters(),
          quoted: null,
        },
      ]),
    );
    this.#words = new FrameWords(this.#tracks);
  }

  /** Venue symbols of the books that wait for a snapshot, or soon need a deeper one. */
  needsSnapshot(): string[] {
    return [...this.#tracks].filter(([, { depth }]) => depth.needsSnapshot).map(([name]) => name);
  }

  /** Like {@link frame}, for an unparsed frame; reads the usual layouts several times as fast. */
  sent(sent: SentFrame): FeedEvent[] {
    const frame = binanceFrame(sent, this.#words, this.#cursor);
    if (frame === null) return this.frame(parseFrame(textOfFrame(sent)));
    const { track } = frame;
    if (track === undefined) return [];
    switch (frame.kind) {
      case 'quote':
        return sentQuoteEvents(track, frame);
      case 'trade':
        return newTradeEvents(track, frame, frame.traded);
      case 'depth':
        return track.depth.diff(frame);
      default:
        return assertNever(frame, 'BinanceSpotDecoder.sent');
    }
  }

  /**
   * One message of the combined stream, `{"stream":"btcusdt@trade","data":{…}}`, an answer to a
   * request, which has its id, or the {@link END_ANNOUNCED}. A repeated one is harmless; a missing one
   * is reported as a loss if the venue's counters show it.
   * @throws MalformedFrameError if it is not what the venue documents
   */
  frame(message: unknown): FeedEvent[] {
    const { stream, data, id, e: type } = fieldsOf(message);
    if (id !== undefined || type === END_ANNOUNCED) return [];
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
   * The venue's response to a REST depth request for one symbol.
   * @throws MalformedFrameError if it is not what the venue documents
   */
  snapshot(venueSymbol: string, message: unknown): FeedEvent[] {
    const track = this.#tracks.get(venueSymbol);
    if (track === undefined) return [];
    const { lastUpdateId, bids, asks } = fieldsOf(message);
    const levels = { bids: levelsOf(bids), asks: levelsOf(asks) };
    const updateId = integerOf(lastUpdateId);
    const [whole, ...others] = track.depth.snapshot(updateId, levels);
    if (whole === undefined) return [];
    const knownTo = track.horizon.begin(levels);
    // Nobody is to see the new book beside the older quote.
    const top = topEvents(track, updateId, levels);
    return [...top, knownTo === null ? whole : { ...whole, knownTo }, ...others];
  }
}

function quoteEvents(track: Track, fields: Fields): FeedEvent[] {
  const updateId = integerOf(fields['u']);
  if (updateId <= track.lastQuoteId) return droppedQuote(track);
  const bid = quotedLevel([fields['b'], fields['B']]);
  const ask = quotedLevel([fields['a'], fields['A']]);
  return newQuoteEvents(track, { updateId, bid, ask });
}

function sentQuoteEvents(
  track: Track,
  { updateId, top }: BinanceFrame<Track> & { readonly kind: 'quote' },
): FeedEvent[] {
  if (updateId <= track.lastQuoteId) return droppedQuote(track);
  const { quoted } = track;
  const bid = quoted === null ? (top.at(0) as Level) : top.after(quoted.top, quoted.bid, 0);
  const ask = quoted === null ? (top.at(1) as Level) : top.after(quoted.top, quoted.ask, 1);
  track.quoted = { top, bid, ask };
  return newQuoteEvents(track, { updateId, bid, ask });
}

function droppedQuote({ staleQuotes, lastQuoteId }: Track): FeedEvent[] {
  staleQuotes.drop(lastQuoteId);
  return [];
}

function newQuoteEvents(
  track: Track,
  {
    updateId,
    bid,
    ask,
  }: { readonly updateId: number; readonly bid: Level | null; readonly ask: Level | null },
): FeedEvent[] {
  track.lastQuoteId = updateId;
  if (track.horizon.isNear({ bid, ask })) track.depth.renew();
  return [{ kind: 'quote', symbol: track.symbol, bid, ask, exchangeTimeMs: null }];
}

/**
 * The top of a snapshot is a quote if none was sent since: a quiet venue sends the next one only when the top moves,
 * and the one that is known may be from before a reconnect.
 */
function topEvents(track: Track, updateId: number, { bids, asks }: FeedLevels): FeedEvent[] {
  if (updateId <= track.lastQuoteId) return [];
  const [bid = null, ask = null] = [bids.at(0), asks.at(0)];
  return newQuoteEvents(track, { updateId, bid, ask });
}

function tradeEvents(track: Track, fields: Fields): FeedEvent[] {
  const tradeId = String(integerOf(fields['t']));
  const traded = { price: priceOf(fields['p']), quantity: quantityOf(fields['q']) };
  const exchangeTimeMs = integerOf(fields['T']);
  return newTradeEvents(
    track,
    { tradeId, exchangeTimeMs, isBuyerMaker: fields['m'] === true },
    traded,
  );
}

function newTradeEvents(
  { symbol, trades }: Track,
  fields: Pick<
    BinanceFrame<Track> & { readonly kind: 'trade' },
    'tradeId' | 'exchangeTimeMs' | 'isBuyerMaker'
  >,
  { price, quantity }: Level,
): FeedEvent[] {
  const { tradeId, exchangeTimeMs, isBuyerMaker } = fields;
  // If the buyer was the maker, the seller was the taker.
  const aggressorSide = isBuyerMaker ? 'SELL' : 'BUY';
  const kind = 'trade';
  return trades.follow({ kind, symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs });
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

function levelsOf(value: unknown): Levels {
  if (!Array.isArray(value)) throw new MalformedFrameError('levels are missing.');
  return sentLevels(
    value.map((level: unknown): SentPair => {
      const [price, quantity] = Array.isArray(level) ? (level as unknown[]) : [];
      return [price, quantity];
    }),
  );
}
