import { parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { describe, expect, it } from 'vitest';
import { instrument, levels } from '../../test-market.ts';
import { valuationOf } from './account-valuation.ts';
import type { Asset } from '../catalog/catalog.ts';
import { presentPriceOf } from './instrument-price.ts';
import { MarketState } from '../market-state.ts';

const CODES = ['BTC', 'ETH', 'EUR', 'USDT'];
const asset = (code: string): Asset => ({
  code: trusted(parseAssetCode, code),
  name: code,
  scale: 8,
});

/** Markets that say this: bid and ask of each, a last trade as one price, and an old quote after a `~`. */
function valuing(quotes: Readonly<Record<string, string>>) {
  const now = 1_000_000;
  const markets = new Map<string, MarketState>();
  for (const [symbol, text] of Object.entries(quotes)) {
    const market = new MarketState(instrument(symbol, 2, 5), 'sim', { trades: [], candles: [] });
    market.setConnected(true);
    const receivedAtMs = text.startsWith('~') ? now - 60_000 : now;
    const [bid = '', ask = ''] = text.replace('~', '').split('/');
    const { symbol: of } = market.instrument;
    const at = { symbol: of, exchangeTimeMs: receivedAtMs };
    const [bidLevel = null, askLevel = null] = [bid, ask].map(
      (price) => levels(price && `1 @ ${price}`)[0] ?? null,
    );
    if (ask === '' && bidLevel !== null) {
      const trade = { ...bidLevel, kind: 'trade', tradeId: 't', aggressorSide: null } as const;
      market.apply({ ...trade, ...at }, receivedAtMs);
    } else market.apply({ kind: 'quote', bid: bidLevel, ask: askLevel, ...at }, receivedAtMs);
    markets.set(symbol, market);
  }
  const priceOf = (symbol: string) => {
    const market = markets.get(symbol);
    return market === undefined ? null : presentPriceOf(market, now);
  };
  return (quote: string, held: Readonly<Record<string, string>>) =>
    valuationOf(
      { priceOf, neighborsOf: () => CODES, atMs: now },
      asset(quote),
      Object.entries(held).map(([code, total]) => ({ asset: { code }, total })),
    );
}

describe('the value of an account', () => {
  it('is the sum of its balances at the mid prices, which it shows', () => {
    const value = valuing({ 'BTC-USDT': '60000/60001', 'ETH-USDT': '3000/3000' });
    expect(value('USDT', { BTC: '0.5', ETH: '0', EUR: '0', USDT: '-7.25' })).toEqual({
      asset: asset('USDT'),
      value: '29993.00000000',
      stale: false,
      asOf: '1970-01-01T00:16:40.000Z',
      balances: [
        {
          ...{ asset: { code: 'BTC' }, total: '0.5', price: '60000.50000000' },
          ...{ value: '30000.25000000', symbols: ['BTC-USDT'], stale: false },
        },
        {
          ...{ asset: { code: 'USDT' }, total: '-7.25', price: '1.00000000' },
          ...{ value: '-7.25000000', symbols: [], stale: false },
        },
      ],
    });
  });

  it.each<[string, Record<string, string>, string, string, object]>([
    ['the other way round', { 'BTC-EUR': '50000/50000' }, 'EUR', 'BTC', { price: '0.00002000' }],
    [
      'through an asset between them',
      { 'BTC-EUR': '50000/50000', 'BTC-USDT': '60000/60000' },
      ...(['EUR', 'USDT'] as const),
      { price: '1.20000000', symbols: ['BTC-EUR', 'BTC-USDT'] },
    ],
    [
      'through the one that is fresh',
      {
        ...{ 'BTC-EUR': '~50000/50000', 'BTC-USDT': '60000/60000' },
        ...{ 'ETH-EUR': '2000/2000', 'ETH-USDT': '3000/3000' },
      },
      ...(['EUR', 'USDT'] as const),
      { price: '1.50000000', symbols: ['ETH-EUR', 'ETH-USDT'], stale: false },
    ],
    [
      'through an outdated one if there is no other, and says so',
      { 'BTC-EUR': '~50000/50000', 'BTC-USDT': '60000/60000' },
      ...(['EUR', 'USDT'] as const),
      { price: '1.20000000', stale: true },
    ],
    [
      'at the last trade without both sides of a quote, and says so',
      { 'BTC-USDT': '60000' },
      ...(['BTC', 'USDT'] as const),
      { price: '60000.00000000', symbols: ['BTC-USDT'], stale: true },
    ],
    [
      'through others that are fresh rather than at an old quote of their own',
      { 'ETH-BTC': '~0.05/0.05', 'BTC-USDT': '60000/60000', 'ETH-USDT': '3600/3600' },
      ...(['ETH', 'BTC'] as const),
      {
        price: expect.stringMatching(/^0\.0599999/),
        symbols: ['ETH-USDT', 'BTC-USDT'],
        stale: false,
      },
    ],
    [
      'through others that are fresh rather than at a last trade of their own',
      { 'ETH-BTC': '0.05', 'BTC-EUR': '50000/50000', 'ETH-EUR': '3000/3000' },
      ...(['ETH', 'BTC'] as const),
      { symbols: ['ETH-EUR', 'BTC-EUR'], stale: false },
    ],
    [
      'at an old quote of their own rather than through others that are as old',
      { 'ETH-BTC': '~0.05/0.05', 'BTC-USDT': '60000/60000', 'ETH-USDT': '~3600/3600' },
      ...(['ETH', 'BTC'] as const),
      { price: '0.05000000', symbols: ['ETH-BTC'], stale: true },
    ],
    [
      'through others rather than at a quote whose sides cross each other',
      { 'ETH-BTC': '0.9/0.05', 'BTC-USDT': '60000/60000', 'ETH-USDT': '3000/3000' },
      ...(['ETH', 'BTC'] as const),
      { symbols: ['ETH-USDT', 'BTC-USDT'], stale: false },
    ],
    [
      'at such a quote if there is nothing else, and says so',
      { 'BTC-USDT': '60002/60000' },
      ...(['BTC', 'USDT'] as const),
      { price: '60001.00000000', stale: true },
    ],
  ])('converts %s', (_how, quotes, held, quote, expected) => {
    const { balances } = valuing(quotes)(quote, { [held]: '1' });
    expect(balances).toMatchObject([expected]);
  });

  it('is unknown if a price is, and still shows the others', () => {
    const value = valuing({ 'BTC-USDT': '60000/60000', 'ETH-USDT': '/3000' });
    expect(value('USDT', { BTC: '1', ETH: '1' })).toMatchObject({
      value: null,
      balances: [
        { value: '60000.00000000' },
        { price: null, value: null, symbols: [], stale: false },
      ],
    });
  });

  it('adds up to the last digit what it shows, each rounded toward zero', () => {
    const third = { 'USDT-EUR': '3/3' };
    const { value, balances } = valuing(third)('USDT', { EUR: '0.00000001', USDT: '0.00000001' });
    expect(balances.map((one) => one.value)).toEqual(['0.00000000', '0.00000001']);
    expect(value).toBe('0.00000001');
    const owed = valuing(third)('USDT', { EUR: '-0.00000005' });
    expect(owed.value).toBe('-0.00000001');
  });
});
