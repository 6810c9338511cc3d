import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { FeedLevels, Levels } from '../../domain/book/level-rows.ts';
import { CoinbaseBook } from './coinbase-book.ts';
import { type CoinbaseFrame, coinbaseFrame, coinbaseUpdateEvents } from './coinbase-layouts.ts';
import { FrameCursor } from '../frames/frame-cursor.ts';
import { type Fields, fieldsOf, listOf, parseFrame } from '../frames/frame-fields.ts';
import { integerOf, MalformedFrameError, priceOf, quantityOf } from '../frames/malformed-frame.ts';
import { type SentFrame, textOfFrame } from '../frames/sent-frame.ts';
import { quotedLevel, sentLevels, type SentPair } from '../frames/sent-levels.ts';
import { isoMicrosecondsOf, millisecondsOf } from '../venue-time.ts';
import { type VenueTrack, VenueTracks } from '../venue-tracks.ts';

type Track = VenueTrack<CoinbaseBook>;
type Match = Omit<CoinbaseFrame<Track> & { readonly kind: 'match' }, 'kind' | 'track'>;

/**
 * Turns the messages of Coinbase Exchange's level2, ticker and matches channels into feed events.
 * Holds the state of one connection: a new connection needs a new decoder.
 */
export class CoinbaseDecoder {
  readonly #tracks: VenueTracks<CoinbaseBook>;
  readonly #cursor = new FrameCursor();

  /** @param symbols the venue's product, like `BTC-USD` → ours; others are skipped */
  constructor(symbols: ReadonlyMap<string, InstrumentSymbol>) {
    this.#tracks = new VenueTracks(symbols, (symbol) => new CoinbaseBook(symbol));
  }

  /** See {@link VenueTracks.isAwaited}. */
  isAwaited(venueSymbol: string): boolean {
    return this.#tracks.isAwaited(venueSymbol);
  }

  /** Products with a book that waits for a snapshot. */
  needsSnapshot(): string[] {
    return this.#tracks.needsSnapshot();
  }

  /**
   * One message. A repeated one is harmless; a missing one is reported as a loss if trade ids or a
   * crossed book show it.
   * @throws MalformedFrameError if it is not what the venue documents
   */
  frame(sent: SentFrame): FeedEvent[] {
    const events = coinbaseUpdateEvents(sent, this.#tracks.words, this.#cursor);
    if (events !== null) return events;
    const frame = coinbaseFrame(sent, this.#tracks.words, this.#cursor);
    if (frame === null) return this.#anyFrame(textOfFrame(sent));
    const { track } = frame;
    if (track === undefined) return [];
    switch (frame.kind) {
      case 'snapshot':
        return track.book.snapshot(frame);
      case 'match':
        return newTradeEvents(track, frame);
      case 'ticker':
        return frame.top === null
          ? []
          : track.book.ticker(frame.top.bid, frame.top.ask, frame.sentAt);
      default:
        return assertNever(frame, 'CoinbaseDecoder.frame');
    }
  }

  #anyFrame(text: string): FeedEvent[] {
    const fields = fieldsOf(parseFrame(text));
    const track = this.#tracks.get(String(fields['product_id']));
    if (track === undefined) return [];
    switch (fields['type']) {
      case 'snapshot':
        return track.book.snapshot({ bids: sideOf(fields['bids']), asks: sideOf(fields['asks']) });
      case 'l2update':
        return track.book.update(changesOf(fields), isoMicrosecondsOf(fields['time']));
      case 'ticker':
        return tickerEvents(track, fields);
      case 'match':
        return tradeEvents(track, fields);
      case 'last_match':
        // It happened before we listened; later trades are counted from it.
        track.trades.startAfter(fields['trade_id']);
        return [];
      default:
        return [];
    }
  }
}

function sideOf(value: unknown): Levels {
  return sentLevels(
    listOf(value).map((level): SentPair => {
      const [price, quantity] = listOf(level);
      return [price, quantity];
    }),
  );
}

/** All changes in one message form one change of the book. */
function changesOf(fields: Fields): FeedLevels {
  const bids: SentPair[] = [];
  const asks: SentPair[] = [];
  for (const change of listOf(fields['changes'])) {
    const [side, price, quantity] = listOf(change);
    if (side !== 'buy' && side !== 'sell')
      throw new MalformedFrameError(`${JSON.stringify(side)} is not a side.`);
    (side === 'buy' ? bids : asks).push([price, quantity]);
  }
  return { bids: sentLevels(bids), asks: sentLevels(asks) };
}

/** Makes no quote of a ticker in an old recording, which has no quantities, nor of an empty side, which the book shows. */
function tickerEvents({ book }: Track, fields: Fields): FeedEvent[] {
  const { best_bid: bid, best_ask: ask, best_bid_size: bidSize, best_ask_size: askSize } = fields;
  if (bidSize === undefined || askSize === undefined) return [];
  const [best, offer] = [quotedLevel([bid, bidSize]), quotedLevel([ask, askSize])];
  const sentAt = isoMicrosecondsOf(fields['time']);
  return best === null || offer === null ? [] : book.ticker(best, offer, sentAt);
}

function tradeEvents(track: Track, fields: Fields): FeedEvent[] {
  const side = fields['side'];
  if (side !== 'buy' && side !== 'sell')
    throw new MalformedFrameError(`${JSON.stringify(side)} is not a side.`);
  return newTradeEvents(track, {
    tradeId: String(integerOf(fields['trade_id'])),
    traded: { price: priceOf(fields['price']), quantity: quantityOf(fields['size']) },
    isMakerBuyer: side === 'buy',
    sentAt: isoMicrosecondsOf(fields['time']),
  });
}

function newTradeEvents({ symbol, trades }: Track, match: Match): FeedEvent[] {
  const { tradeId, traded, isMakerBuyer, sentAt } = match;
  const { price, quantity } = traded;
  const aggressorSide = isMakerBuyer ? 'SELL' : 'BUY';
  const exchangeTimeMs = millisecondsOf(sentAt);
  const kind = 'trade';
  return trades.follow({ kind, symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs });
}
