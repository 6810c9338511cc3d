import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol, UserId } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { FEE_TIERS } from '../domain/fee-tier.ts';
import { RFQ_SETTINGS } from '../domain/rfq/rfq-settings.ts';
import { anInstrument, price, quantity, STILL } from '../domain/test-orders.ts';
import { until } from '../test-desk.ts';
import { TestPricer } from '../test-pricer.ts';
import { MarketPricer } from './market-pricer.ts';
import { OutsidePricer } from './outside-pricer.ts';
import { OutsidePrices } from './outside-prices.ts';

/** Long enough that only an answer that never arrives is late, however busy the machine is. */
const PATIENT_MS = 10_000;
/** For answers that never arrive. */
const IMPATIENT_MS = 100;
/** Its market stays fresh for longer than a test takes. */
const INSTRUMENT = anInstrument({ maxQuoteAgeMs: 600_000 });
const symbol = 'BTC-USDT' as InstrumentSymbol;
const logger = createLogger({ unit: 'test', level: 'silent' });
const GOOD = { bidPrice: '99.5', askPrice: '100.5', reference: 'r-1' };
const [tier] = FEE_TIERS;
const sizeOf = (text: string) => ({ quantity: quantity(text), quoteQuantity: null });

describe('an outside pricer, on a real socket', () => {
  let outside: TestPricer;
  let market: MarketPricer;
  let prices: OutsidePrices;
  let pricer: OutsidePricer;
  const hear = (more: object = {}) => {
    market.hear({
      ...{ symbol, sequence: '7', suspended: false, status: 'TRADING' },
      ...{ bids: [['99.99', '1']], asks: [['100.01', '1']], receivedAtMs: Date.now() },
      ...more,
    });
  };
  beforeEach(async () => {
    outside = await TestPricer.start();
    outside.answer = (asks) => asks.map(() => GOOD);
    market = new MarketPricer({ ...RFQ_SETTINGS.pricing, skew: null }, { of: () => 0n }, STILL);
    hear();
    open(PATIENT_MS);
  });
  afterEach(async () => {
    await prices.stop();
    await outside.stop();
  });
  const open = (deadlineMs: number) => {
    const { url } = outside;
    prices = new OutsidePrices({ url, deadlineMs, refreshMs: 10, clock: systemClock, logger });
    const bounds = { collarBps: 100, maxAgeMs: 60_000 };
    pricer = new OutsidePricer({ market, prices, bounds, logger });
  };
  const becomeImpatient = async () => {
    await prices.stop();
    open(IMPATIENT_MS);
  };
  const priceOf = (size = '1', nowMs = Date.now()) =>
    pricer.price({ side: null, size: sizeOf(size), tier }, INSTRUMENT, nowMs);
  const failure = (expected: string | null) =>
    until(
      () => {
        priceOf();
        return prices.failure;
      },
      (now) => now === expected,
    );

  it('is called once for all wanted prices, with both sides and nothing about the client', async () => {
    await Promise.all(
      ['1', '2'].map((size) =>
        pricer.prepare({ side: 'BUY', size: sizeOf(size), tier }, INSTRUMENT),
      ),
    );
    const ask = { symbol: 'BTC-USDT', quoteQuantity: null, tier: 'BASE' };
    expect(outside.calls[0]).toEqual([
      { ...ask, quantity: '1' },
      { ...ask, quantity: '2' },
    ]);
    expect(priceOf('2')).toMatchObject({
      bid: { price: price('99.5'), quantity: quantity('2') },
      ask: { price: price('100.5') },
      basis: { bookSequence: '7', midPrice: price('100'), outside: { reference: 'r-1' } },
    });
  });

  it('is asked first for prices with a waiting caller, however many others are wanted', async () => {
    const prepared = pricer.prepare({ side: null, size: sizeOf('0.5'), tier }, INSTRUMENT);
    for (let size = 1; size <= 250; size += 1) priceOf(`${size}`);
    await prepared;
    expect(outside.calls[0]).toHaveLength(200);
    expect(outside.calls[0]?.[0]).toMatchObject({ quantity: '0.5' });
  });

  it.each(['wanted', 'waited for'])(
    'is asked for what each user wants, however much is %s by another one',
    async (how) => {
      const askOf = (size: string, user: string) =>
        ({ side: null, size: sizeOf(size), tier, wantedBy: [user as UserId] }) as const;
      const isAsked = (size: string) => outside.calls[0]?.some(({ quantity }) => quantity === size);
      // The users are known from an earlier request; a later call need not name them again.
      const prepared = pricer.prepare(askOf('0.5', 'anna'), INSTRUMENT);
      pricer.price(askOf('0.6', 'anna'), INSTRUMENT, Date.now());
      const many = Array.from({ length: 250 }, (_none, index) => askOf(`${index + 1}`, 'otto'));
      for (const ask of many)
        if (how === 'wanted') pricer.price(ask, INSTRUMENT, Date.now());
        else void pricer.prepare(ask, INSTRUMENT);
      await prepared;
      expect(outside.calls[0]).toHaveLength(200);
      expect([isAsked('0.5'), isAsked('0.6')]).toEqual([true, true]);
      outside.calls.splice(0);
      priceOf('0.5');
      for (const ask of many) pricer.price(ask, INSTRUMENT, Date.now());
      await until(
        () => outside.calls.length,
        (calls) => calls > 0,
      );
      expect(isAsked('0.5')).toBe(true);
    },
  );

  it('keeps a caller waiting for at most two calls, however many others wait', async () => {
    await becomeImpatient();
    outside.answer = () => 'silence';
    const sizes = Array.from({ length: 1001 }, (_none, index) => `${index + 1}`);
    const prepared = sizes.map((size) =>
      pricer.prepare({ side: null, size: sizeOf(size), tier }, INSTRUMENT),
    );
    await prepared.at(-1);
    // Its turn would have been the sixth call.
    expect(outside.calls.length).toBeLessThan(5);
  });

  it('is measured from the market on which it was asked, so that a last look sees what has moved since', async () => {
    await pricer.prepare({ side: null, size: sizeOf('1'), tier }, INSTRUMENT);
    outside.answer = () => 'silence';
    hear({ sequence: '8', bids: [['100.19', '1']], asks: [['100.21', '1']] });
    expect(priceOf()).toMatchObject({
      ask: { price: price('100.5') },
      basis: { bookSequence: '7', midPrice: price('100') },
    });
  });

  it('is called again while its price is wanted, and each answer replaces the last', async () => {
    priceOf();
    outside.answer = (asks) => asks.map(() => ({ ...GOOD, askPrice: '100.4' }));
    await until(
      () => priceOf()?.ask?.price,
      (ask) => ask === price('100.4'),
    );
    outside.answer = (asks) => asks.map(() => null);
    await until(
      () => priceOf(),
      (quote) => quote === null,
    );
    expect(prices.failure).toBeNull();
  });

  it.each([
    ['says nothing in time', 'LATE', () => 'silence' as const],
    ['refuses', 'REFUSED', () => ({ status: 500, body: '{"prices": []}' })],
    ['answers no JSON', 'MALFORMED', () => ({ status: 200, body: 'hello' })],
    ['answers another number of prices', 'MALFORMED', () => []],
    [
      'answers a number for a decimal',
      'MALFORMED',
      () => ({ status: 200, body: '{"prices": [{"bidPrice": 99, "askPrice": null}]}' }),
    ],
    [
      'answers a text that is not a decimal',
      'MALFORMED',
      () => [{ bidPrice: '9e1', askPrice: null, reference: null }],
    ],
    [
      'names a price by what cannot be stored',
      'MALFORMED',
      () => [{ ...GOOD, reference: 'a\u0000b' }],
    ],
    ['names a price by half a character', 'MALFORMED', () => [{ ...GOOD, reference: 'a\ud800' }]],
    [
      'answers more than can be read',
      'UNREACHABLE',
      () => ({ status: 200, body: `{"prices": "${'x'.repeat(2_000_000)}"}` }),
    ],
  ])('has no price when it %s, and has one again when it answers', async (_name, kind, answer) => {
    if (kind === 'LATE') await becomeImpatient();
    await until(
      () => priceOf(),
      (quote) => quote !== null,
    );
    outside.answer = answer;
    await failure(kind);
    expect(priceOf()).toBeNull();
    outside.answer = (asks) => asks.map(() => GOOD);
    await until(
      () => priceOf(),
      (quote) => quote !== null,
    );
  });

  it('has no price when it is unreachable, and nobody waits longer than the deadline', async () => {
    await outside.stop();
    await pricer.prepare({ side: null, size: sizeOf('1'), tier }, INSTRUMENT);
    expect([priceOf(), prices.failure]).toEqual([null, 'UNREACHABLE']);
    outside = await TestPricer.start();
  });

  it('is used only with a live market', async () => {
    await until(
      () => priceOf(),
      (quote) => quote !== null,
    );
    hear({ suspended: true });
    expect(priceOf()).toBeNull();
    // The middle has moved far from the pricer's price.
    hear({ bids: [['119.99', '1']], asks: [['120.01', '1']] });
    expect(priceOf()).toBeNull();
    hear();
    expect(priceOf()).not.toBeNull();
    expect(priceOf('1', Date.now() + INSTRUMENT.maxQuoteAgeMs + 1)).toBeNull();
  });
});
