import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { type Fields, fieldsOf, listOf } from '../frames/frame-fields.ts';
import { parseJsonText } from '../frames/json-text.ts';
import { KrakenBook } from './kraken-book.ts';
import { publishedChecksum, publishedSide } from '../frames/published-levels.ts';
import type { SentPair } from '../frames/sent-levels.ts';

const BOOK = 'book-';

/**
 * Turns the book messages of Kraken's WebSocket v1 into feed events; every other message is passed
 * over. Holds what one connection knows: a new connection needs a new decoder.
 */
export class KrakenV1Decoder {
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly #books = new Map<string, KrakenBook>();

  /** @param symbols the venue's pair, like `XBT/EUR` → ours; others are passed over */
  constructor(symbols: ReadonlyMap<string, InstrumentSymbol>) {
    this.#symbols = symbols;
  }

  /** Pairs whose book is waited for, or was lost. */
  needsSnapshot(): string[] {
    return [...this.#symbols.keys()].filter((pair) => this.#books.get(pair)?.needsSnapshot ?? true);
  }

  /**
   * One message: `[channel, {"a":[…],"c":"…"}, "book-1000", "XBT/EUR"]`, in two objects when both
   * sides changed. A repeated one is harmless; a missing one is told as a loss by the checksum.
   * @throws MalformedFrameError when it is not what the venue documents
   */
  frame(text: string): FeedEvent[] {
    const message = parseJsonText(text);
    if (!Array.isArray(message)) return [];
    const [channel, pair] = (message as readonly unknown[]).slice(-2);
    if (typeof channel !== 'string' || !channel.startsWith(BOOK)) return [];
    const book = this.#bookOf(String(pair), Number(channel.slice(BOOK.length)));
    if (book === null) return [];
    const parts = (message as readonly unknown[]).slice(1, -2).map(fieldsOf);
    const isSnapshot = parts.some((part) => 'as' in part);
    const { levels, microseconds } = isSnapshot
      ? levelsOf(parts, 'bs', 'as')
      : levelsOf(parts, 'b', 'a');
    return isSnapshot ? book.snapshot(levels, microseconds) : book.update(levels, microseconds);
  }

  /** The depth is that of the subscription, which the channel's name tells. */
  #bookOf(pair: string, depth: number): KrakenBook | null {
    const symbol = this.#symbols.get(pair);
    if (symbol === undefined) return null;
    const book = this.#books.get(pair) ?? new KrakenBook(symbol, depth);
    this.#books.set(pair, book);
    return book;
  }
}

function levelsOf(parts: readonly Fields[], bidKey: string, askKey: string) {
  let microseconds: number | null = null;
  const side = (key: string) =>
    publishedSide(
      parts.flatMap((part) =>
        listOf(part[key] ?? []).map((level): SentPair => {
          const [price, quantity, time] = listOf(level);
          microseconds = Math.max(microseconds ?? 0, epochMicrosecondsOf(time));
          return [price, quantity];
        }),
      ),
    );
  const [bids, asks] = [side(bidKey), side(askKey)];
  const sent = parts.map((part) => part['c']).find((each) => typeof each === 'string');
  const checksum = sent === undefined ? null : publishedChecksum(sent);
  return { levels: { bids, asks, checksum }, microseconds };
}

/** `1618678133.365913`, in seconds. */
function epochMicrosecondsOf(text: unknown): number {
  const [seconds = '', fraction = ''] = String(text).split('.');
  return Number(seconds) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
