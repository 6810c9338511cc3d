import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { FrameCursor } from '../frames/frame-cursor.ts';
import { type Fields, fieldsOf, listOf } from '../frames/frame-fields.ts';
import { parseJsonText } from '../frames/json-text.ts';
import { KrakenBook } from './kraken-book.ts';
import { krakenBookEvents } from './kraken-layouts.ts';
import { krakenStatus } from './kraken-status.ts';
import { MalformedFrameError, priceOf, quantityOf, textOf } from '../frames/malformed-frame.ts';
import { plainNumber } from '../frames/plain-number.ts';
import { publishedChecksum, publishedSide } from '../frames/published-levels.ts';
import { type SentFrame, textOfFrame } from '../frames/sent-frame.ts';
import { quotedLevel, type SentPair } from '../frames/sent-levels.ts';
import { isoMicrosecondsOf, isoTimeOf } from '../venue-time.ts';
import { type VenueTrack, VenueTracks } from '../venue-tracks.ts';

type Track = VenueTrack<KrakenBook>;

/**
 * Turns the messages of Kraken's WebSocket v2 into feed events. The venue sends prices as JSON
 * numbers, so they are read as text. Holds the state of one connection: a new connection needs a new
 * decoder.
 */
export class KrakenV2Decoder {
  readonly #tracks: VenueTracks<KrakenBook>;
  readonly #cursor = new FrameCursor();

  /**
   * @param symbols the venue's symbol, like `BTC/USD` → ours; others are skipped
   * @param depth the subscribed levels per side
   */
  constructor(symbols: ReadonlyMap<string, InstrumentSymbol>, depth: number) {
    this.#tracks = new VenueTracks(symbols, (symbol) => new KrakenBook(symbol, depth));
  }

  /** See {@link VenueTracks.isAwaited}. */
  isAwaited(venueSymbol: string): boolean {
    return this.#tracks.isAwaited(venueSymbol);
  }

  /** Venue symbols of the books that wait for a snapshot. */
  needsSnapshot(): string[] {
    return this.#tracks.needsSnapshot();
  }

  /**
   * One message. A repeated one is harmless; a missing one is reported as a loss if the checksum or
   * trade ids show it.
   * @throws MalformedFrameError if it is not what the venue documents
   */
  frame(sent: SentFrame): FeedEvent[] {
    const events = krakenBookEvents(sent, this.#tracks.words, this.#cursor);
    return events ?? this.#anyFrame(textOfFrame(sent));
  }

  #anyFrame(text: string): FeedEvent[] {
    const { channel, type, data } = fieldsOf(parseJsonText(text));
    if (channel === 'status') return this.#statusEvents(fieldsOf(listOf(data)[0]));
    if (channel !== 'book' && channel !== 'ticker' && channel !== 'trade') return [];
    if (type !== 'snapshot' && type !== 'update')
      throw new MalformedFrameError(`${JSON.stringify(type)} is not a message type.`);
    return listOf(data).flatMap((element) => {
      const fields = fieldsOf(element);
      const track = this.#tracks.get(String(fields['symbol']));
      if (track === undefined) return [];
      if (channel === 'ticker') return quoteEvents(track, fields);
      if (channel === 'trade') return tradeEvents(track, fields, type === 'update');
      const levels = bookLevelsOf(fields);
      const { timestamp } = fields;
      const microseconds = isAbsent(timestamp) ? null : isoMicrosecondsOf(timestamp);
      return type === 'snapshot'
        ? track.book.snapshot(levels, microseconds)
        : track.book.update(levels, microseconds);
    });
  }

  /** The venue sends its status with each connection, and whenever that changes. */
  #statusEvents({ system }: Fields): FeedEvent[] {
    const status = krakenStatus(textOf(system));
    return this.#tracks.symbols().map((symbol) => ({ kind: 'venueStatus', symbol, status }));
  }
}

function bookLevelsOf(fields: Fields) {
  const { checksum } = fields;
  if (typeof checksum !== 'string') throw new MalformedFrameError('it has no checksum.');
  return {
    bids: sideOf(fields['bids']),
    asks: sideOf(fields['asks']),
    checksum: publishedChecksum(checksum),
  };
}

/** The venue can leave out a side that did not change. */
function sideOf(value: unknown) {
  return publishedSide(
    listOf(value ?? []).map((level): SentPair => {
      const { price, qty } = fieldsOf(level);
      return [plainOf(price), plainOf(qty)];
    }),
  );
}

function quoteEvents({ symbol }: Track, fields: Fields): FeedEvent[] {
  const bid = quotedLevel([plainOf(fields['bid']), plainOf(fields['bid_qty'])]);
  const ask = quotedLevel([plainOf(fields['ask']), plainOf(fields['ask_qty'])]);
  const timestamp = fields['timestamp'];
  const exchangeTimeMs = isAbsent(timestamp) ? null : isoTimeOf(timestamp);
  return [{ kind: 'quote', symbol, bid, ask, exchangeTimeMs }];
}

/** A snapshot contains trades from before we subscribed: only their ids matter. */
function tradeEvents({ symbol, trades }: Track, fields: Fields, isNew: boolean): FeedEvent[] {
  const tradeId = fields['trade_id'];
  if (!isNew) {
    trades.startAfter(tradeId);
    return [];
  }
  const side = fields['side'];
  if (side !== 'buy' && side !== 'sell')
    throw new MalformedFrameError(`${JSON.stringify(side)} is not a side.`);
  return trades.follow({
    kind: 'trade',
    symbol,
    tradeId: String(tradeId),
    price: priceOf(plainOf(fields['price'])),
    quantity: quantityOf(plainOf(fields['qty'])),
    aggressorSide: side === 'buy' ? 'BUY' : 'SELL',
    exchangeTimeMs: isoTimeOf(fields['timestamp']),
  });
}

/** JSON allows exponents, which writers of numbers use for small ones. */
function plainOf(number: unknown): unknown {
  return typeof number === 'string' ? plainNumber(number) : number;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
