// What every feed owes to anyone who begins it again on the same markets: whole books, and no trade twice.
import { describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { venueSymbols } from '../domain/catalog/catalog.ts';
import { BTC_USDT, TestMarket } from '../test-market.ts';
import { BinanceSpotDecoder } from './binance/binance-spot-decoder.ts';
import type { MarketFeed } from './market-feed.ts';
import type { RecordedSession } from './recording/recorded-session.ts';
import { ReplayFeed } from './recording/replay-feed.ts';
import { SimFeed } from './sim/sim-feed.ts';

const RECORDED_MS = 1_723_161_253_000;
const RECORDED_TRADES = 30;

/** A book, and then trades of one each, in time and in milliseconds. */
const recorded: RecordedSession = {
  venue: 'binance',
  async *moments() {
    const decoder = new BinanceSpotDecoder(venueSymbols('binance', [BTC_USDT]));
    const book = { lastUpdateId: 1, bids: [['99', '1']], asks: [['101', '1']] };
    await Promise.resolve();
    yield { atMs: RECORDED_MS, decode: () => decoder.snapshot('BTCUSDT', book) };
    for (let t = 1; t <= RECORDED_TRADES; t += 1) {
      const data = { s: 'BTCUSDT', t, p: '100', q: '1', T: RECORDED_MS + t, m: true };
      const frame = { stream: 'btcusdt@trade', data };
      yield { atMs: RECORDED_MS + t, decode: () => decoder.frame(frame) };
    }
  },
};

const FEEDS: readonly (readonly [string, () => MarketFeed])[] = [
  [
    'the simulation',
    () => new SimFeed({ instruments: [BTC_USDT], seed: 1, speed: 'max', clock: systemClock }),
  ],
  [
    'a replay',
    () =>
      new ReplayFeed({
        session: recorded,
        ...{ speed: 1, loop: false, clock: systemClock },
        onMalformed: (error) => {
          throw error;
        },
      }),
  ],
];

/** Plays a feed on the desk until it has brought this many trades. */
async function play(feed: MarketFeed, desk: TestMarket, trades: number): Promise<void> {
  const stopping = new AbortController();
  const until = desk.market.tradeSequence + trades;
  for await (const events of feed.events(stopping.signal, desk.markets.tradedToMs)) {
    for (const event of events) desk.markets.apply(event, desk.clock.now());
    if (desk.market.tradeSequence >= until) break;
  }
  stopping.abort();
}

describe.each(FEEDS)('%s', (_, open) => {
  it.each([
    ['the same one', (feed: MarketFeed) => feed],
    ['that of another process, in its place', open],
  ])('is begun again with whole books and in later time, %s', async (_which, next) => {
    const desk = new TestMarket();
    const feed = open();
    await play(feed, desk, RECORDED_TRADES);
    expect(desk.market.isBookValid).toBe(true);
    const before = desk.markets.tradedToMs ?? Infinity;
    desk.connect(false);
    expect(desk.market.isBookValid).toBe(false);
    const told: (readonly [id: string, atMs: number])[] = [];
    desk.market.onTape.add((change) => {
      if (change.kind === 'trade') told.push([change.trade.tradeId, change.trade.exchangeTimeMs]);
    });
    await play(next(feed), desk, RECORDED_TRADES);
    expect(desk.market.isBookValid).toBe(true);
    expect(desk.markets.status().state).toBe('CONNECTED');
    expect(told.filter(([, atMs]) => atMs <= before)).toEqual([]);
    const seconds = desk.market.chart.of('ONE_SECOND').between(-Infinity, Infinity);
    expect(seconds.filter(({ revision }) => revision > 1)).toEqual([]);
    const counted = seconds.reduce((sum, { tradeCount }) => sum + tradeCount, 0);
    expect(counted).toBe(desk.market.tradeSequence);
  });
});
