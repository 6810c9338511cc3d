import {
  type InstrumentSymbol,
  parseAssetCode,
  parseInstrumentSymbol,
  trusted,
} from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { formatPrice, type Price, priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { venueSymbols } from '../../subgraphs/market-data/domain/catalog/catalog.ts';
import type { FeedEvent } from '../../subgraphs/market-data/domain/feed-event.ts';
import { FollowedBook } from '../../subgraphs/market-data/domain/book/followed-book.ts';
import { TradeTape } from '../../subgraphs/market-data/domain/trade.ts';
import { BinanceSpotDecoder } from '../../subgraphs/market-data/feed/binance/binance-spot-decoder.ts';
import { CoinbaseDecoder } from '../../subgraphs/market-data/feed/coinbase/coinbase-decoder.ts';
import { KrakenV2Decoder } from '../../subgraphs/market-data/feed/kraken/kraken-v2-decoder.ts';
import type { Frame, FrameReader, VenueName } from './engine.ts';
import { KRAKEN_DEPTH } from './workload.ts';

/** What turns a frame into events. */
type Decode = (frame: Frame) => readonly FeedEvent[];
/** As many as a market keeps. */
const KEPT_TRADES = 1000;

type Symbols = ReadonlyMap<string, InstrumentSymbol>;

const DECODERS: Readonly<Record<VenueName, (symbols: Symbols) => Decode>> = {
  binance: (symbols) => {
    const decoder = new BinanceSpotDecoder(symbols);
    return ({ sent, snapshotOf }) =>
      snapshotOf === null
        ? decoder.sent(sent)
        : decoder.snapshot(snapshotOf, JSON.parse(sent.toString()));
  },
  kraken: (symbols) => {
    const decoder = new KrakenV2Decoder(symbols, KRAKEN_DEPTH);
    return ({ sent }) => decoder.frame(sent);
  },
  coinbase: (symbols) => {
    const decoder = new CoinbaseDecoder(symbols);
    return ({ sent }) => decoder.frame(sent);
  },
};

/** What ccxt keeps of one instrument as well: candles are left out, since it makes none. */
class Kept {
  readonly book = new FollowedBook();
  readonly #tape = new TradeTape(KEPT_TRADES, []);
  quote: FeedEvent | null = null;
  #sequence = 0;

  apply(event: FeedEvent): void {
    if (event.kind === 'bookUpdate' || event.kind === 'bookSnapshot') this.book.follow(event);
    else if (event.kind === 'quote') this.quote = event;
    else if (event.kind === 'trade') this.#add(event);
    else if (event.kind === 'bookLost' || event.kind === 'tradesLost')
      throw new Error('Something of the recording was lost.');
  }

  #add(event: FeedEvent & { kind: 'trade' }): void {
    const { symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs } = event;
    const print = { symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs };
    this.#sequence += 1;
    this.#tape.add({ ...print, sequence: this.#sequence, receivedAtMs: 0 });
  }
}

/** The decoders and books of a live feed. */
export function ourReader(venue: VenueName, pairs: readonly string[]): FrameReader {
  const instruments = pairs.map(instrumentOf);
  const decode = DECODERS[venue](venueSymbols(venue, instruments));
  const markets = new Map(instruments.map(({ symbol }) => [symbol, new Kept()]));
  return {
    take: (frame) => {
      for (const event of decode(frame))
        if (event.kind !== 'connection') markets.get(event.symbol)?.apply(event);
    },
    tops: () =>
      Object.fromEntries(
        [...markets].flatMap(([symbol, { book }]) => {
          const [bid, ask] = [book.shown.bestBid(), book.shown.bestAsk()];
          if (bid === null || ask === null) return [];
          const top: Top = [numberOf(bid.price), numberOf(ask.price)];
          return [[symbol.replace('-', '/'), top]];
        }),
      ),
  };
}

type Top = ReturnType<FrameReader['tops']>[string];

function numberOf(price: Price): number {
  return Number(formatPrice(price));
}

/** One of `BASE/QUOTE`; its grid and limits do not matter to a reader. */
export function instrumentOf(pair: string): Instrument {
  const [base = '', quote = ''] = pair.split('/');
  return {
    symbol: trusted(parseInstrumentSymbol, `${base}-${quote}`),
    base: trusted(parseAssetCode, base),
    quote: trusted(parseAssetCode, quote),
    status: 'TRADING',
    priceScale: 8,
    quantityScale: 8,
    quoteScale: 8,
    tickSize: priceOfUnits(1n),
    quantityStep: quantityOfUnits(1n),
    minQuantity: quantityOfUnits(1n),
    maxQuantity: quantityOfUnits(10n ** 30n),
    minNotional: moneyOfUnits(0n),
    maxNotional: moneyOfUnits(10n ** 30n),
    makerFeeRate: 0n,
    takerFeeRate: 0n,
    collarRate: 0n,
    maxQuoteAgeMs: 2000,
  };
}
