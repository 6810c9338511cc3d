// Real Binance Spot frames through the decoder, the markets and the book stream. The facts are those
// told beside the recordings: no gaps, and the rebuilt book equal to the separately sent bookTicker.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Candle, CANDLE_INTERVALS, openTimeOf } from '../../domain/candles/candle.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { bookLevelsView } from '../../domain/book/level-view.ts';
import type { MarketState } from '../../domain/market-state.ts';
import { Markets } from '../../domain/markets.ts';
import type { MarketTrade } from '../../domain/trade.ts';
import { BookChanges } from '../../streams/book-changes.ts';
import type { FrameSource } from '../../streams/frame-source.ts';
import type { OrderBookFrame } from '../../streams/frames.ts';
import { WholeSource } from '../../streams/whole-source.ts';
import { TestBookClient } from '../../test-book-client.ts';
import { BTC_USDT, ETH_USDT, price, quantity } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { BinanceSpotDecoder } from '../binance/binance-spot-decoder.ts';
import { Recording } from './recording.ts';

const folder = recordedData('binance-spot');
const DEPTH = 20;

/** A frame's data as the venue sent it, read without our decoder. */
interface RawData {
  readonly s: string;
  readonly u: number;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}

/** What is kept of one instrument while the recording plays. */
class Follower {
  readonly market: MarketState;
  readonly client = new TestBookClient();
  readonly trades: MarketTrade[] = [];
  readonly candles: Candle[] = [];
  compared = 0;
  equal = 0;
  readonly #source: FrameSource<OrderBookFrame>;
  readonly #tickers: RawData[] = [];

  constructor(market: MarketState) {
    this.market = market;
    this.#source = new WholeSource(new BookChanges(market, { depth: DEPTH, priceStep: null }), {
      heartbeatMs: Infinity,
      capacity: 100,
    });
    this.#source.open(() => undefined, 0);
    market.onTape.add((change) => {
      if (change.kind === 'trade') this.trades.push(change.trade);
    });
    market.onCandle.add((candle) => this.candles.push(candle));
  }

  hearTicker(ticker: RawData): void {
    this.#tickers.push(ticker);
  }

  /** After a depth update: what the venue last said of the same or an earlier update id. */
  compare(updateId: number): void {
    for (let frame = this.#source.take(0); frame !== null; frame = this.#source.take(0))
      this.client.read(frame);
    const ticker = this.#tickers.findLast(({ u }) => u <= updateId);
    const [bid, ask] = [this.market.book.bestBid(), this.market.book.bestAsk()];
    this.compared += 1;
    if (
      bid?.price === price(ticker?.b ?? '1') &&
      bid.quantity === quantity(ticker?.B ?? '0') &&
      ask?.price === price(ticker?.a ?? '1') &&
      ask.quantity === quantity(ticker?.A ?? '0')
    )
      this.equal += 1;
  }
}

async function play(recording: Recording) {
  const instruments = [BTC_USDT, ETH_USDT];
  const decoder = new BinanceSpotDecoder(venueSymbols('binance', instruments));
  const markets = new Markets({ instruments, venue: 'binance', nowMs: 0 });
  const follow = ({ symbol }: Instrument) => {
    const market = markets.get(symbol);
    if (market === undefined) throw new Error(`there is no market of ${symbol}`);
    return new Follower(market);
  };
  const followers = { BTCUSDT: follow(BTC_USDT), ETHUSDT: follow(ETH_USDT) };
  markets.apply({ kind: 'connection', isConnected: true }, 0);
  for await (const { venueSymbol, json } of recording.lines()) {
    const follower = followers[venueSymbol as keyof typeof followers];
    const raw = JSON.parse(json) as { stream?: string; data?: RawData };
    const isSnapshot = raw.data === undefined;
    const events = isSnapshot ? decoder.snapshot(venueSymbol, raw) : decoder.frame(raw);
    for (const event of events) markets.apply(event, 0);
    if (raw.stream?.endsWith('@bookTicker') && raw.data) follower.hearTicker(raw.data);
    if (raw.data && events.some(({ kind }) => kind === 'bookUpdate')) follower.compare(raw.data.u);
  }
  return { markets, followers };
}

describe.skipIf(folder === null)('the Binance Spot recording', () => {
  let played: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    played = await play(await Recording.open(folder ?? ''));
  }, 120_000);

  it('has no gap in depth or trades, over the boundary of its files as well', () => {
    expect(played.markets.status()).toMatchObject({ gapCount: 0, reconnects: 0 });
    const { BTCUSDT, ETHUSDT } = played.followers;
    expect(BTCUSDT.market.tradeSequence).toBe(9757 + 10_147);
    expect(ETHUSDT.market.tradeSequence).toBe(6106 + 8409);
    for (const { trades } of [BTCUSDT, ETHUSDT])
      expect(Number(trades.at(-1)?.tradeId) - Number(trades[0]?.tradeId)).toBe(trades.length - 1);
  });

  it('makes one quote of each bookTicker, and of a snapshot that is newer', () => {
    expect(played.followers.BTCUSDT.market.quote?.sequence).toBe(28_040 + 45_134);
    expect(played.followers.ETHUSDT.market.quote?.sequence).toBe(24_077 + 34_681 + 1);
  });

  // Two BTC updates arrived in another order than their bookTickers.
  it.each([
    ['BTCUSDT', 6490, 6492],
    ['ETHUSDT', 6468, 6468],
  ] as const)('rebuilds the book of %s: %i of %i updates equal', (symbol, equal, compared) => {
    const follower = played.followers[symbol];
    expect([follower.equal, follower.compared]).toEqual([equal, compared]);
  });

  it.each(['BTCUSDT', 'ETHUSDT'] as const)(
    'streams the book of %s so that a subscriber has it too, checksum by checksum',
    (symbol) => {
      const { client, market } = played.followers[symbol];
      expect(client).toMatchObject({ snapshots: 1, gaps: 0 });
      expect(client.updates).toBeGreaterThan(3000);
      expect(client.levels()).toEqual(bookLevelsView(market.book.top(DEPTH), market.instrument));
    },
  );

  it.each(['BTCUSDT', 'ETHUSDT'] as const)(
    'makes candles of %s that equal a naive computation from its trades',
    (symbol) => {
      const { trades, candles, market } = played.followers[symbol];
      for (const interval of CANDLE_INTERVALS) {
        const groups = new Map<number, MarketTrade[]>();
        for (const trade of trades) {
          const openTimeMs = openTimeOf(interval, trade.exchangeTimeMs);
          const group = groups.get(openTimeMs);
          if (group === undefined) groups.set(openTimeMs, [trade]);
          else group.push(trade);
        }
        const forming = market.newestCandle(interval);
        const closed = candles.filter((candle) => candle.interval === interval && candle.closed);
        const told = [...closed, ...(forming === null ? [] : [forming])];
        const traded = told.filter(({ tradeCount }) => tradeCount > 0);
        expect(traded.map(summary)).toEqual([...groups].map(naive));
        expect(new Set(told.map(({ openTimeMs }) => openTimeMs)).size).toBe(told.length);
      }
    },
  );
});

function summary(candle: Candle): readonly unknown[] {
  const { openTimeMs, open, high, low, close, volume, quoteVolume, tradeCount } = candle;
  const { takerBuyVolume } = candle;
  return [openTimeMs, open, high, low, close, volume, quoteVolume, tradeCount, takerBuyVolume];
}

function naive([openTimeMs, trades]: readonly [number, readonly MarketTrade[]]) {
  const prices = trades.map(({ price: each }) => each).sort((a, b) => (a < b ? -1 : 1));
  const sum = (amounts: readonly bigint[]) => amounts.reduce((all, each) => all + each, 0n);
  const bought = trades.filter(({ aggressorSide }) => aggressorSide === 'BUY');
  return [
    openTimeMs,
    trades[0]?.price,
    prices.at(-1),
    prices[0],
    trades.at(-1)?.price,
    sum(trades.map((trade) => trade.quantity)),
    sum(trades.map((trade) => (trade.price * trade.quantity) / 10n ** 18n)),
    trades.length,
    sum(bought.map((trade) => trade.quantity)),
  ];
}
