// The venues' own lists of instruments, as they were recorded, and in the words of today.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { venueListingView } from '../../domain/catalog/venue-listing-view.ts';
import { recordedData } from '../../test-recordings.ts';
import { binanceListings } from './binance-listings.ts';
import { coinbaseListings } from './coinbase-listings.ts';
import { krakenListings } from './kraken-listings.ts';
import type { Listings } from './listings.ts';

/** The answer that was recorded first, `<address> -> <time>: <body>`. */
function recordedBody(path: string): string {
  const [line = ''] = gunzipSync(readFileSync(path)).toString('utf8').split('\n', 1);
  return line.slice(line.indexOf(': ') + 2);
}

function found(listings: Listings, symbol: string) {
  const listing = listings.get(symbol) ?? null;
  return listing === null ? null : venueListingView(listing);
}

describe('the list of instruments of', () => {
  const binance = recordedData('venue-sessions/BINANCE.0.gz');
  it.skipIf(binance === null)('Binance is read whole, with its filters', () => {
    const listings = binanceListings(recordedBody(binance ?? ''));
    expect(listings.size).toBe(1695);
    expect(found(listings, 'ETH-BTC')).toEqual({
      venue: 'binance',
      venueSymbol: 'ETHBTC',
      status: 'TRADING',
      tickSize: '0.000001',
      quantityStep: '0.0001',
      minQuantity: '0.0001',
      maxQuantity: '100000',
      minNotional: '0.0001',
      maxNotional: null,
      orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    });
    expect(new Set([...listings.values()].map((listing) => listing?.status))).toEqual(
      new Set(['TRADING', 'HALTED']),
    );
  });

  const kraken = recordedData('venue-sessions/KRAKEN.0.gz');
  it.skipIf(kraken === null)('Kraken is read in the spelling of its streams', () => {
    const listings = krakenListings(recordedBody(kraken ?? ''));
    expect(found(listings, 'BTC-USD')).toMatchObject({
      venueSymbol: 'BTC/USD',
      status: 'TRADING',
      tickSize: '0.1',
      quantityStep: '0.00000001',
      minQuantity: '0.0002',
    });
    expect(found(listings, 'DOGE-EUR')).toMatchObject({ venueSymbol: 'DOGE/EUR' });
  });

  const coinbase = recordedData('venue-sessions/COINBASE.0.gz');
  it.skipIf(coinbase === null)('Coinbase is read with its limits of money', () => {
    const listings = coinbaseListings(recordedBody(coinbase ?? ''));
    expect(found(listings, 'BTC-GBP')).toEqual({
      venue: 'coinbase',
      venueSymbol: 'BTC-GBP',
      status: 'TRADING',
      tickSize: '0.01',
      quantityStep: '0.00000001',
      minQuantity: '0.0001',
      maxQuantity: '80',
      minNotional: '10',
      maxNotional: '200000',
      orderTypes: ['limit', 'market', 'stop'],
    });
  });
});

describe('the status in the list of', () => {
  it.each([
    ['TRADING', true, 'TRADING'],
    ['TRADING', false, 'HALTED'],
    ['BREAK', true, 'HALTED'],
  ])('Binance: %s, spot %s, is %s', (status, isSpotTradingAllowed, expected) => {
    const filters = [
      { filterType: 'PRICE_FILTER', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', stepSize: '0.1', minQty: '0.1', maxQty: '9' },
      { filterType: 'NOTIONAL', minNotional: '5.0', maxNotional: '9000.0' },
    ];
    const names = { symbol: 'AB', baseAsset: 'A', quoteAsset: 'B', orderTypes: ['LIMIT'] };
    const body = { symbols: [{ ...names, status, isSpotTradingAllowed, filters }] };
    expect(binanceListings(JSON.stringify(body)).get('A-B')).toMatchObject({
      status: expected,
      maxNotional: 9000n * 10n ** 18n,
    });
  });

  it.each([
    [undefined, 'TRADING'],
    ['limit_only', 'TRADING'],
    ['post_only', 'HALTED'],
    ['reduce_only', 'CANCEL_ONLY'],
    ['delisted', 'CLOSED'],
    ['work_in_progress', 'HALTED'],
  ])('Kraken: %s is %s', (status, expected) => {
    const pair = { wsname: 'XBT/USD', tick_size: '0.5', lot_decimals: 8, costmin: '0.5', status };
    const listings = krakenListings(JSON.stringify({ result: { XXBTZUSD: pair, dark: {} } }));
    const listing = listings.get('BTC-USD');
    expect(listing).toMatchObject({ symbol: 'BTC-USD', status: expected });
    expect(listing?.tickSize).toBe(5n * 10n ** 17n);
  });

  it.each([
    [{ status: 'online' }, 'TRADING'],
    [{ status: 'online', cancel_only: true }, 'CANCEL_ONLY'],
    [{ status: 'online', trading_disabled: true }, 'HALTED'],
    [{ status: 'online', post_only: true }, 'HALTED'],
    [{ status: 'online', auction_mode: true }, 'HALTED'],
    [{ status: 'online', limit_only: true }, 'TRADING'],
    [{ status: 'delisted' }, 'CLOSED'],
  ])('Coinbase: %j is %s', (flags, expected) => {
    const names = { id: 'A-B', base_currency: 'A', quote_currency: 'B' };
    const steps = { quote_increment: '0.01', base_increment: '0.1' };
    const listings = coinbaseListings(JSON.stringify([{ ...names, ...steps, ...flags }]));
    expect(listings.get('A-B')).toMatchObject({ status: expected, minQuantity: null });
  });
});

describe('a list with a row that cannot be read', () => {
  const product = { base_currency: 'A', quote_currency: 'B', id: 'A-B', status: 'online' };
  const steps = { quote_increment: '0.01', base_increment: '0.1' };

  it('is still read, and includes the instrument', () => {
    const odd = { ...product, base_currency: 'C', ...steps, quote_increment: '0' };
    const rows = [odd, { id: 7 }, null, { ...product, ...steps }];
    const listings = coinbaseListings(JSON.stringify(rows));
    expect([...listings.keys()]).toEqual(['C-B', 'A-B']);
    expect(listings.get('C-B')).toBeNull();
    expect(listings.get('A-B')).toMatchObject({ status: 'TRADING' });
  });

  it.each([[[]], [[{ id: 7 }]]])('is refused as a list when it is %j', (rows) => {
    expect(() => coinbaseListings(JSON.stringify(rows))).toThrow('it lists no instrument');
  });
});
