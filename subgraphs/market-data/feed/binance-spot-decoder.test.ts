import { describe, expect, it } from 'vitest';
import { venueSymbols } from '../domain/catalog.ts';
import { BTC_USDT, levels } from '../test-market.ts';
import { BinanceSpotDecoder } from './binance-spot-decoder.ts';
import { MalformedFrameError } from './malformed-frame.ts';

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
    const quoted = (u: number, bid: number) => ticker(u, { b: `${bid}`, a: `${bid + 1}` });
    const own = new BinanceSpotDecoder(symbols, 2);
    own.snapshot('BTCUSDT', told(100));
    own.frame(quoted(1, 93));
    expect(own.needsSnapshot()).toEqual([]);
    own.frame(quoted(2, 92));
    expect(own.needsSnapshot()).toEqual(['BTCUSDT']);
    expect(own.snapshot('BTCUSDT', told(92))).toMatchObject([{ kind: 'bookSnapshot' }]);
    own.frame(quoted(3, 92));
    expect(own.needsSnapshot()).toEqual([]);
    own.frame(quoted(4, 100));
    expect(own.needsSnapshot()).toEqual(['BTCUSDT']);
    const whole = new BinanceSpotDecoder(symbols, 3);
    whole.snapshot('BTCUSDT', told(100));
    whole.frame(quoted(1, 50));
    expect(whole.needsSnapshot()).toEqual([]);
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
