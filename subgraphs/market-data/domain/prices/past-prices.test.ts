import { expect, it } from 'vitest';
import { instrument, price } from '../../test-market.ts';
import { emptyCandle, INTERVAL_MS } from '../candles/candle.ts';
import { assetNeighbors } from './asset-neighbors.ts';
import type { CandleRange } from '../history.ts';
import { Markets } from '../markets.ts';
import { pricesAt } from './past-prices.ts';

it('looks up the past prices of what is held, by instruments that lead to the asset to value in', async () => {
  const symbols = ['BTC-USDT', 'ETH-BTC', 'ETH-EUR', 'SOL-USDT', 'BTC-EUR', 'EUR-USDC'];
  const instruments = symbols.map((symbol) => instrument(symbol, 2, 4));
  const asked: string[] = [];
  const neighbors = assetNeighbors(instruments);
  const history = {
    markets: new Markets({ instruments, venue: 'test', nowMs: 0 }),
    neighborsOf: (code: string) => neighbors.get(code) ?? [],
    load: ({ symbol }: CandleRange) => {
      asked.push(symbol);
      return Promise.resolve([]);
    },
  };
  const held = Object.entries({ ETH: '1', SOL: '0.00', USDT: '5' });
  const balances = held.map(([code, total]) => ({ asset: { code }, total }));
  await pricesAt(history, balances, 'USDT', 0);
  expect([...new Set(asked)]).toEqual(['ETH-BTC', 'BTC-USDT']);
  expect(neighbors.get('ETH')).toEqual(['BTC', 'EUR']);
});

it.each(['ONE_HOUR', 'ONE_MINUTE'] as const)(
  'has what an instrument closed with at midnight if no longer candle than %s is known',
  async (known) => {
    const instruments = [instrument('SOL-USDT', 2, 4)];
    const atMs = INTERVAL_MS.ONE_DAY;
    const history = {
      markets: new Markets({ instruments, venue: 'test', nowMs: 2 * atMs }),
      neighborsOf: () => [],
      load: ({ symbol, interval }: CandleRange) => {
        const place = { symbol, interval, openTimeMs: atMs - INTERVAL_MS[interval] };
        const candle = emptyCandle(place, price('150'));
        return Promise.resolve(
          interval === known ? [{ ...candle, closed: true, source: 'IMPORTED' as const }] : [],
        );
      },
    };
    const prices = await pricesAt(history, [{ asset: { code: 'SOL' }, total: '1' }], 'USDT', atMs);
    expect(prices.priceOf('SOL-USDT')).toEqual({ units: price('150'), stale: false });
  },
);
