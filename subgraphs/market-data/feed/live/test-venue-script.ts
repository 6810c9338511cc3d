// What a venue of a test sends: a real recording, and the book that a subscriber gets at any moment.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { bookChecksum } from '../../domain/book/checksum.ts';
import type { Level } from '../../domain/book/level.ts';
import type { MarketState } from '../../domain/market-state.ts';
import { Markets } from '../../domain/markets.ts';
import { drawnExactly, instrument } from '../../test-market.ts';
import { krakenSecondVersion, receivedFrames } from '../../test-venue-session.ts';
import { binanceProtocol } from './binance-protocol.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import { krakenProtocol } from './kraken-protocol.ts';
import { confirmations } from './test-venue.ts';
import { addressAt } from './venue-addresses.ts';
import type { VenueConversation, VenueProtocol } from './venue-protocol.ts';

/** The books are compared to this depth, which is what Kraken's checksum covers. */
const COMPARED = 10;
const DEPTH = 1000;
const UPDATE_ID = /"(?:lastUpdateId|U":\d+,"u)":(\d+)/;

interface ScriptOptions {
  readonly protocol: (origin: string) => VenueProtocol;
  /** Our names, with the digits of prices and quantities. */
  readonly instruments: readonly (readonly [name: string, price: number, quantity: number])[];
  /** Begins with what makes the books whole. */
  readonly frames: readonly string[];
  readonly snapshot: (venueSymbol: string, truth: Truth) => string;
}

/** The true state of the venue: it moves by every frame, whether anybody hears it or not. */
export class Truth {
  readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly markets: Markets;
  /** Binance's number of the last change of its book. */
  updateId = 0;
  readonly #conversation: VenueConversation;
  readonly #states = new Map<string, Set<string>>();

  constructor({ protocol, instruments }: ScriptOptions) {
    const own = protocol('http://nowhere');
    const all = instruments.map((each) => instrument(...each));
    this.symbols = venueSymbols(own.venue, all);
    this.markets = new Markets({ instruments: all, venue: own.venue, nowMs: 0 });
    this.markets.apply({ kind: 'connection', isConnected: true }, 0);
    this.#conversation = own.converse(this.symbols);
    for (const greeting of this.#conversation.greetings)
      for (const answer of confirmations(greeting)) this.#conversation.frame(answer);
  }

  /** Whether every book is there. */
  get isWhole(): boolean {
    return this.#conversation.needsSnapshot().length === 0;
  }

  take(frame: string): void {
    const updateId = UPDATE_ID.exec(frame)?.[1];
    // A recorded snapshot may be older than changes that came before it.
    if (updateId !== undefined) this.updateId = Math.max(this.updateId, Number(updateId));
    for (const event of this.#read(frame)) this.markets.apply(event, 0);
    if (this.isWhole) for (const market of this.markets.all()) this.#note(market);
  }

  market(venueSymbol: string): MarketState {
    const market = this.markets.get(this.symbols.get(venueSymbol) ?? '');
    if (market === undefined) throw new Error(`there is no market of ${venueSymbol}`);
    return market;
  }

  /** Whether the venue's book has ever been so. */
  hasBeen({ instrument: { symbol }, book }: MarketState): boolean {
    return this.#states.get(symbol)?.has(drawnExactly(book.top(COMPARED))) ?? false;
  }

  /** Whether these are the books of this moment. */
  isNow(markets: Markets): boolean {
    return [...this.markets.all()].every(({ instrument: { symbol }, book }) => {
      const shown = markets.get(symbol);
      const drawn = shown === undefined ? '' : drawnExactly(shown.book.top(COMPARED));
      return shown?.isSuspended === false && drawn === drawnExactly(book.top(COMPARED));
    });
  }

  /** Recorded snapshots of Binance are answers, not frames; they name their instrument here. */
  #read(frame: string) {
    const [symbol = '', body] = frame.split('\n');
    if (body === undefined) return this.#conversation.frame(frame);
    const rebuild = this.#conversation.rebuild(symbol);
    return rebuild.kind === 'fetch' ? rebuild.take(body) : [];
  }

  #note({ instrument: { symbol }, book }: MarketState): void {
    const states = this.#states.get(symbol) ?? new Set<string>();
    this.#states.set(symbol, states.add(drawnExactly(book.top(COMPARED))));
  }
}

/** A venue's recording from the moment on at which every book is whole. */
export class VenueScript {
  readonly protocol: (origin: string) => VenueProtocol;
  readonly truth: Truth;
  readonly #frames: readonly string[];
  readonly #snapshot: ScriptOptions['snapshot'];
  #next = 0;

  constructor(options: ScriptOptions) {
    this.protocol = options.protocol;
    this.#frames = options.frames;
    this.#snapshot = options.snapshot;
    this.truth = new Truth(options);
    while (!this.truth.isWhole) this.next();
  }

  /** The next frame, of which the truth knows already. */
  next(): string {
    const frame = this.#frames[this.#next];
    if (frame === undefined) throw new Error('the recording is over');
    this.#next += 1;
    this.truth.take(frame);
    return frame;
  }

  /** The message that tells the whole book now. */
  snapshot(venueSymbol: string): string {
    return this.#snapshot(venueSymbol, this.truth);
  }
}

/** Binance: streams of one instrument; a snapshot is the answer of the REST interface. */
export function binanceScript(path: string): VenueScript {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n', 12_000);
  const frames = lines.map((line) => line.slice(line.indexOf(' ') + 1));
  return new VenueScript({
    protocol: (origin) => binanceProtocol(addressAt(origin)),
    instruments: [['BTC-USDT', 2, 5]],
    frames: frames.map((frame) => (frame.startsWith('{"stream"') ? frame : `BTCUSDT\n${frame}`)),
    snapshot: (symbol, truth) => {
      const { bids, asks } = sidesOf(truth.market(symbol));
      return JSON.stringify({ lastUpdateId: truth.updateId, bids, asks });
    },
  });
}

/** Kraken: a session of its first version, written as the second. */
export function krakenScript(path: string): VenueScript {
  return new VenueScript({
    protocol: (origin) => krakenProtocol(addressAt(origin), DEPTH),
    instruments: [
      ['XMR-USD', 8, 8],
      ['ETH-CHF', 5, 8],
      ['SC-EUR', 6, 8],
    ],
    frames: receivedFrames(path).flatMap((text) => krakenSecondVersion(text) ?? []),
    snapshot: (symbol, truth) => {
      const { bids, asks } = sidesOf(truth.market(symbol));
      const named = ([price = '', quantity = '']: readonly string[]) => ({ price, quantity });
      const checksum = bookChecksum(bids.map(named), asks.map(named));
      const side = (levels: readonly (readonly string[])[]) =>
        levels.map(([price, quantity]) => `{"price":${price},"qty":${quantity}}`).join();
      return `{"channel":"book","type":"snapshot","data":[{"symbol":"${symbol}","bids":[${side(bids)}],"asks":[${side(asks)}],"checksum":${checksum}}]}`;
    },
  });
}

/** Coinbase Exchange, three of the recorded instruments. */
export function coinbaseScript(path: string): VenueScript {
  return new VenueScript({
    protocol: (origin) => coinbaseProtocol(addressAt(origin)),
    instruments: [
      ['SKL-USD', 4, 1],
      ['NMR-EUR', 4, 3],
      ['DASH-BTC', 8, 8],
    ],
    frames: receivedFrames(path),
    snapshot: (symbol, truth) =>
      JSON.stringify({ type: 'snapshot', product_id: symbol, ...sidesOf(truth.market(symbol)) }),
  });
}

/** Both sides with the digits that the venue writes. */
function sidesOf({ book, instrument: { priceScale, quantityScale } }: MarketState) {
  const side = (levels: readonly Level[]) =>
    levels.map(({ price, quantity }) => [
      formatPrice(price, priceScale),
      formatQuantity(quantity, quantityScale),
    ]);
  const { bids, asks } = book.top(DEPTH);
  return { bids: side(bids), asks: side(asks) };
}
