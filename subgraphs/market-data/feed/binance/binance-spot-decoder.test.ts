import { describe, expect, it } from 'vitest';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { Markets } from '../../domain/markets.ts';
import { BTC_USDT, levels, plain, price } from '../../test-market.ts';
import { BinanceSpotDecoder } from './binance-spot-decoder.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';
import { feedEvents, feedText } from '../relay/feed-text.ts';
import { marketSnapshot } from '../relay/market-snapshot.ts';

const decoder = () => new BinanceSpotDecoder(venueSymbols('binance', [BTC_USDT]));
const ticker = (u: number, more: object = {}) => ({
  stream: 'btcusdt@bookTicker',
  data: { u, s: 'BTCUSDT', b: '99.00', B: '1.50000000', a: '101.00', A: '2.00000000', ...more },
});
const trade = (t: number, more: object = {}) => ({
  stream: 'btcusdt@trade',
  data: { e: 'trade', E: 7, s: 'BTCUSDT', t, p: '100.00', q: '0.1', T: 6, m: true, ...more },
});

describe('the Binance Spot decoder', () => {
  it('makes a quote of a bookTicker, which has no time of its own', () => {
    const [[bid], [ask]] = [levels('1.5 @ 99'), levels('2 @ 101')];
    expect(decoder().frame(ticker(1))).toEqual([
      { kind: 'quote', symbol: 'BTC-USDT', bid, ask, exchangeTimeMs: null },
    ]);
  });

  it('takes the buyer as maker to mean that the seller took', () => {
    const own = decoder();
    expect(own.frame(trade(1))).toMatchObject([{ aggressorSide: 'SELL', exchangeTimeMs: 6 }]);
    expect(own.frame(trade(2, { m: false }))).toMatchObject([{ aggressorSide: 'BUY' }]);
  });

  it('reads the announcement that the connection will end, and no other event without a stream', () => {
    expect(decoder().frame({ e: 'serverShutdown', E: 7 })).toEqual([]);
    expect(() => decoder().frame(trade(1).data)).toThrow(MalformedFrameError);
  });

  it('reports lost trades before the trade that reveals them, and drops repeated frames', () => {
    const own = decoder();
    own.frame(trade(1));
    expect(own.frame(trade(1))).toEqual([]);
    expect(own.frame(trade(3)).map(({ kind }) => kind)).toEqual(['tradesLost', 'trade']);
    own.frame(ticker(5));
    expect(own.frame(ticker(5))).toEqual([]);
    expect(own.frame(ticker(4))).toEqual([]);
  });

  it('asks for a deeper book before the market reaches the end of the snapshot', () => {
    const symbols = venueSymbols('binance', [BTC_USDT]);
    const told = (best: number) => ({
      lastUpdateId: 1000 - best,
      bids: [`${best}`, `${best - 10}`].map((at) => [at, '1']),
      asks: [`${best + 1}`, `${best + 11}`].map((at) => [at, '1']),
    });
    const quoted = (u: number, bid: number) => ticker(1000 + u, { b: `${bid}`, a: `${bid + 1}` });
    const own = new BinanceSpotDecoder(symbols, 2);
    own.snapshot('BTCUSDT', told(100));
    own.frame(quoted(1, 93));
    expect(own.needsSnapshot()).toEqual([]);
    own.frame(quoted(2, 92));
    expect(own.needsSnapshot()).toEqual(['BTCUSDT']);
    expect(own.snapshot('BTCUSDT', told(92)).at(-1)).toMatchObject({ kind: 'bookSnapshot' });
    own.frame(quoted(3, 92));
    expect(own.needsSnapshot()).toEqual([]);
    own.frame(quoted(4, 100));
    expect(own.needsSnapshot()).toEqual(['BTCUSDT']);
    const whole = new BinanceSpotDecoder(symbols, 3);
    whole.snapshot('BTCUSDT', told(100));
    whole.frame(quoted(1, 50));
    expect(whole.needsSnapshot()).toEqual([]);
  });

  it('quotes the top of a snapshot that is newer than the last quote, which can be of before a reconnect', () => {
    const own = decoder();
    const told = (lastUpdateId: number, bid: string) => ({
      lastUpdateId,
      bids: [[bid, '1']],
      asks: [['101', '2']],
    });
    const [bid] = levels('1 @ 98');
    const [ask] = levels('2 @ 101');
    const quote = { kind: 'quote', symbol: 'BTC-USDT', bid, ask, exchangeTimeMs: null };
    expect(plain(own.snapshot('BTCUSDT', told(5, '98')))[0]).toEqual(quote);
    expect(own.frame(ticker(5))).toEqual([]);
    expect(own.frame(ticker(7))).toHaveLength(1);
    const newer = decoder();
    newer.frame(ticker(7));
    expect(newer.snapshot('BTCUSDT', told(6, '98')).map(({ kind }) => kind)).toEqual([
      'bookSnapshot',
    ]);
    expect(decoder().snapshot('BTCUSDT', { lastUpdateId: 5, bids: [], asks: [] })).toMatchObject([
      { kind: 'quote', bid: null, ask: null },
      { kind: 'bookSnapshot' },
    ]);
  });

  it('says how far a snapshot reaches if the venue has more levels', () => {
    const symbols = venueSymbols('binance', [BTC_USDT]);
    const told = {
      lastUpdateId: 1,
      bids: [
        ['100', '1'],
        ['90', '1'],
      ],
      asks: [['101', '1']],
    };
    const knownTo = { bid: { price: price('90') }, ask: null };
    const whole = new BinanceSpotDecoder(symbols, 2).snapshot('BTCUSDT', told).at(-1);
    expect(whole).toMatchObject({ kind: 'bookSnapshot', knownTo });
    const markets = new Markets({ instruments: [BTC_USDT], venue: 'binance', nowMs: 0 });
    markets.apply({ kind: 'connection', isConnected: true }, 0);
    markets.apply(whole as FeedEvent, 0);
    for (const event of feedEvents(feedText(marketSnapshot(markets, 10)))) markets.apply(event, 0);
    expect(markets.get('BTC-USDT')?.book.horizon).toEqual({ bid: price('90'), ask: null });
    const complete = new BinanceSpotDecoder(symbols, 3).snapshot('BTCUSDT', told).at(-1);
    expect(complete).not.toHaveProperty('knownTo');
  });

  it('quotes no side of which the venue writes zeros', () => {
    const own = decoder();
    const none = { b: '0.00000000', B: '0.00000000' };
    const [ask] = levels('2 @ 101');
    const quote = { kind: 'quote', symbol: 'BTC-USDT', bid: null, ask, exchangeTimeMs: null };
    expect(plain(own.sent(JSON.stringify(ticker(1, none))))).toEqual([quote]);
    expect(own.frame(ticker(2, { ...none, a: '0', A: '0' }))).toMatchObject([
      { bid: null, ask: null },
    ]);
    expect(() => own.frame(ticker(3, { ...none, B: '1' }))).toThrow(MalformedFrameError);
  });

  it.each([
    ['quotes', (count: number) => ticker(count)],
    ['trades', (count: number) => trade(count)],
    [
      'diffs',
      (count: number) => ({
        stream: 'btcusdt@depth@100ms',
        data: { s: 'BTCUSDT', E: 1, U: count, u: count, b: [], a: [] },
      }),
    ],
  ])('gives up a venue whose %s are counted from below again', (_, frame) => {
    const own = decoder();
    own.snapshot('BTCUSDT', { lastUpdateId: 999, bids: [], asks: [] });
    own.frame(frame(1000));
    for (let count = 1; count < 100; count += 1) expect(own.frame(frame(count))).toEqual([]);
    expect(() => own.frame(frame(100))).toThrow('its counters stay below 1000');
    expect(own.frame(frame(1001))).toHaveLength(1);
  });

  it('goes on with a venue that repeats its frames', () => {
    const own = decoder();
    for (let count = 1; count < 300; count += 1) {
      expect(own.frame(trade(count))).toHaveLength(1);
      expect(own.frame(trade(count))).toEqual([]);
    }
  });

  it('skips instruments and channels that are not ours', () => {
    expect(decoder().frame({ stream: 'xrpusdt@trade', data: { s: 'XRPUSDT' } })).toEqual([]);
    expect(decoder().frame({ stream: 'btcusdt@kline_1m', data: { s: 'BTCUSDT' } })).toEqual([]);
  });

  it.each([
    ['no object', 'text'],
    ['no stream', { data: {} }],
    ['a price as a number', ticker(1, { b: 99.5 })],
    ['a price with an exponent', ticker(1, { b: '1e5' })],
    ['a negative price', ticker(1, { a: '-1' })],
    ['no update id', ticker(1, { u: undefined })],
    ['levels that are none', { stream: 'btcusdt@depth', data: { s: 'BTCUSDT', b: 1 } }],
  ])('refuses a frame with %s, and goes on with the next', (_, frame) => {
    const own = decoder();
    expect(() => own.frame(frame)).toThrow(MalformedFrameError);
    expect(own.frame(ticker(9))).toHaveLength(1);
  });
});
