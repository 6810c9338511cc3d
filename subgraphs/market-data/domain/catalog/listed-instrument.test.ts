// What venues list as instruments of ours: whatever we take, the venue would take too.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseAssetCode, parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { parseMoney } from '#shared/domain/money.ts';
import { binanceListings } from '../../feed/live/binance-listings.ts';
import { coinbaseListings } from '../../feed/live/coinbase-listings.ts';
import { krakenListings } from '../../feed/live/kraken-listings.ts';
import { price, quantity } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { type DeskTerms, listedInstrument } from './listed-instrument.ts';
import type { VenueListing } from './venue-listing.ts';

const LISTING: VenueListing = {
  ...{ venue: 'kraken', venueSymbol: 'ADA/EUR', symbol: 'ADA-EUR', status: 'TRADING' },
  ...{ tickSize: price('0.0001'), quantityStep: quantity('0.00000001') },
  ...{ minQuantity: quantity('4.20000001'), maxQuantity: null },
  ...{ minNotional: parseMoney('0.45'), maxNotional: null, orderTypes: [] },
};

function termsOf(symbol: string, scales = { baseScale: 8, quoteScale: 8 }): DeskTerms {
  const [base = '', quote = ''] = symbol.split('-');
  return {
    symbol: trusted(parseInstrumentSymbol, symbol),
    base: trusted(parseAssetCode, base),
    quote: trusted(parseAssetCode, quote),
    ...{ makerFeeRate: 1n, takerFeeRate: 2n, collarRate: 3n, maxQuoteAgeMs: 4 },
    ...scales,
  };
}

function made(listing: VenueListing, terms = termsOf(listing.symbol)): Instrument {
  const listed = listedInstrument(listing, terms);
  if (listed.kind === 'unfit') throw new Error(listed.why);
  return listed.instrument;
}

describe('an instrument of a venue', () => {
  it('has the desk’s terms, and steps no finer than its quote asset can write', () => {
    expect(made(LISTING)).toEqual({
      ...{ symbol: 'ADA-EUR', base: 'ADA', quote: 'EUR', status: 'TRADING' },
      ...{ priceScale: 4, quantityScale: 4, quoteScale: 8 },
      ...{ tickSize: price('0.0001'), quantityStep: quantity('0.0001') },
      ...{ minQuantity: quantity('4.2001'), maxQuantity: quantity('100000000') },
      ...{ minNotional: parseMoney('0.45'), maxNotional: parseMoney('1000000000000000') },
      ...{ makerFeeRate: 1n, takerFeeRate: 2n, collarRate: 3n, maxQuoteAgeMs: 4 },
    });
  });

  it('has its limits where it sets them, whole steps of them', () => {
    const limited = {
      ...{ ...LISTING, quantityStep: quantity('0.001'), minQuantity: null },
      ...{ maxQuantity: quantity('9.9995'), minNotional: null, maxNotional: parseMoney('7') },
    };
    expect(made(limited)).toMatchObject({
      ...{ minQuantity: quantity('0.001'), maxQuantity: quantity('9.999') },
      ...{ minNotional: parseMoney('0.00000001'), maxNotional: parseMoney('7') },
    });
  });

  it.each([
    ['has no step', { quantityStep: quantity('0') }, {}],
    ['has prices of 10 digits, and EUR has 8', { tickSize: price('0.0000000001') }, {}],
    ['has quantities that cannot', { quantityStep: quantity('0.00003') }, {}],
    ['has no quantity that can', { maxQuantity: quantity('0.00001') }, { minQuantity: null }],
  ])('that %s be ours is refused with that', (why, odd, more) => {
    const listed = listedInstrument({ ...LISTING, ...odd, ...more }, termsOf('ADA-EUR'));
    expect(listed).toMatchObject({ kind: 'unfit', why: expect.stringContaining(why) as string });
  });
});

/** The answer that was recorded first, `<address> -> <time>: <body>`. */
function recordedBody(path: string): string {
  const [line = ''] = gunzipSync(readFileSync(path)).toString('utf8').split('\n', 1);
  return line.slice(line.indexOf(': ') + 2);
}

describe('every instrument that fits takes only what its venue takes, in the recorded list of', () => {
  for (const [venue, read] of [
    ['BINANCE', binanceListings],
    ['KRAKEN', krakenListings],
    ['COINBASE', coinbaseListings],
  ] as const) {
    const path = recordedData(`venue-sessions/${venue}.0.gz`);
    it.skipIf(path === null)(venue, () => {
      const listings = [...read(recordedBody(path ?? '')).values()]
        .filter((listing) => listing !== null)
        .filter(({ symbol }) => isOurName(symbol));
      const listed = listings.map((listing) => ({
        listing,
        ours: listedInstrument(listing, termsOf(listing.symbol)),
      }));
      const fit = listed.flatMap(({ listing, ours }) =>
        ours.kind === 'unfit' ? [] : [[listing, ours.instrument] as const],
      );
      for (const [listing, instrument] of fit) expectTaken(listing, instrument);
      expect(fit.length).toBeGreaterThan(0.9 * listings.length);
    });
  }
});

function isOurName(symbol: string): boolean {
  return (
    parseInstrumentSymbol(symbol) !== null &&
    symbol.split('-').every((code) => parseAssetCode(code) !== null)
  );
}

function expectTaken(listing: VenueListing, instrument: Instrument): void {
  const { quantityStep, minQuantity, maxQuantity } = instrument;
  expect(instrument.priceScale + instrument.quantityScale).toBeLessThanOrEqual(8);
  expect(quantityStep % listing.quantityStep).toBe(0n);
  expect([minQuantity % quantityStep, maxQuantity % quantityStep]).toEqual([0n, 0n]);
  expect(minQuantity >= (listing.minQuantity ?? 0n)).toBe(true);
  expect(maxQuantity <= (listing.maxQuantity ?? maxQuantity)).toBe(true);
}
