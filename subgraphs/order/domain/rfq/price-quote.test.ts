import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEE_TIERS } from '../fee-tier.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { money, price, quantity, units } from '../test-orders.ts';
import { MidHistory } from './mid-history.ts';
import { type PriceAsk, priceQuote, type PricingMarket } from './price-quote.ts';
import type { RfqSize } from './rfq.ts';
import { expectFormula, INSTRUMENT, PRICING } from './test-quote-formula.ts';
import type { DepthLevel } from './walk-depth.ts';

const SCALE = 10n ** 18n;

/** Levels from this many ticks off 64,000 on. */
const levelsFrom = (side: 'bid' | 'ask', off = 100) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 300_000 })), {
      minLength: 1,
      maxLength: 20,
    })
    .map((drawn): DepthLevel[] => {
      const steps = [...new Map(drawn)].toSorted(([left], [right]) => left - right);
      return steps.map(([ticks, lots]) => ({
        price: price(
          ((side === 'bid' ? 6_400_000 - off - ticks : 6_400_000 + off + ticks) / 100).toFixed(2),
        ),
        quantity: quantity((lots / 100_000).toFixed(5)),
      }));
    });
const sizes = fc.oneof(
  fc.integer({ min: 10, max: 1_000_000 }).map((lots): RfqSize => ({
    quantity: quantity((lots / 100_000).toFixed(5)),
    quoteQuantity: null,
  })),
  fc
    .integer({ min: 1000, max: 50_000_000 })
    .map((cents): RfqSize => ({ quantity: null, quoteQuantity: money((cents / 100).toFixed(2)) })),
);

/** Mostly nothing, sometimes more than there is. */
const takenUnits = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 1n, max: 6_000_000n }).map((lots) => (lots * SCALE) / 100_000n),
);

describe('the price of a size', () => {
  it('follows the documented formula, to the last digit', () => {
    fc.assert(
      fc.property(
        levelsFrom('bid'),
        levelsFrom('ask'),
        sizes,
        fc.constantFrom(...FEE_TIERS),
        fc.bigInt({ min: -140n, max: 140n }),
        fc.bigInt({ min: 0n, max: 90_000n }),
        fc.option(fc.tuple(levelsFrom('bid', -50), levelsFrom('ask', -50)), { nil: null }),
        fc.record({ side: fc.constantFrom(null, 'BUY', 'SELL'), ask: takenUnits, bid: takenUnits }),
        (bids, asks, size, tier, coins, milliBps, others, { side, ...taken }) => {
          const books = [{ venue: 'here', sequence: '7' }];
          const market: PricingMarket = {
            ...{ sequence: '7', bids, asks },
            consolidated: others === null ? null : { bids: others[0], asks: others[1], books },
            volatilityBps: (milliBps * SCALE) / 1000n,
          };
          const ask: PriceAsk = { side, size, tier, inventory: coins * SCALE, taken };
          expectFormula(ask, market);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('costs in pieces, each beyond those before, at least what it costs as a whole', () => {
    fc.assert(
      fc.property(
        levelsFrom('ask'),
        fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 2, maxLength: 8 }),
        fc.constantFrom(...FEE_TIERS),
        (asks, lots, tier) => {
          const bids = [{ price: price('63999'), quantity: quantity('1') }];
          const market = { sequence: '1', volatilityBps: 0n, consolidated: null, bids, asks };
          const costOf = (units: bigint, taken: bigint) => {
            const size = { quantity: quantityOfUnits(units), quoteQuantity: null };
            const ask = anAsk({ side: 'BUY', size, tier, taken: { ask: taken, bid: 0n } });
            const priced = priceQuote(ask, market, { ...PRICING, skew: null }, INSTRUMENT);
            return priced?.ask == null ? null : priced.ask.price * units;
          };
          let [taken, paid]: [bigint, bigint | null] = [0n, 0n];
          for (const count of lots) {
            const units = (BigInt(count) * SCALE) / 100_000n;
            const cost = costOf(units, taken);
            paid = paid === null || cost === null ? null : paid + cost;
            taken += units;
          }
          const whole = costOf(taken, 0n);
          expect(paid === null).toBe(whole === null);
          // The whole is rounded up to a tick once.
          const tick = INSTRUMENT.tickSize * taken;
          if (paid !== null && whole !== null) expect(paid).toBeGreaterThan(whole - tick);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is absent on a side without the depth for the size, and only there', () => {
    const market = {
      ...{ sequence: '1', volatilityBps: 0n, consolidated: null },
      bids: [{ price: price('100'), quantity: quantity('5') }],
      asks: [{ price: price('101'), quantity: quantity('4') }],
    };
    const priced = (size: string) =>
      priceQuote(
        anAsk({ size: { quantity: quantity(size), quoteQuantity: null } }),
        market,
        PRICING,
        INSTRUMENT,
      );
    expect(priced('4')).toMatchObject({ bid: { quantity: units('4') }, ask: {} });
    expect(priced('4.00001')).toMatchObject({ bid: {}, ask: null });
    expect(priced('5.00001')).toBeNull();
  });

  it('is absent on a side that would exceed the limits of the house, and leans against its inventory', () => {
    const levels = (text: string) => [{ price: price(text), quantity: quantity('1000') }];
    const market = {
      ...{ sequence: '1', volatilityBps: 0n, consolidated: null },
      bids: levels('99.99'),
      asks: levels('100.01'),
    };
    const pricing = { ...PRICING, skew: { bps: 5, inventoryLimit: money('100000') } };
    const at = (inventory: string) =>
      priceQuote(anAsk({ inventory: units(inventory) }), market, pricing, INSTRUMENT);
    // The house can have 1,000 at 100. With 999.5 it does not buy a size of 1.
    expect(at('999.5')).toMatchObject({ bid: null, ask: {} });
    expect(at('990')).toMatchObject({ bid: {} });
    expect(at('-999.5')).toMatchObject({ bid: {}, ask: null });
    expect(at('1000')?.basis?.skewBps).toBe(units('-5'));
    expect(at('0')?.basis?.skewBps).toBe(0n);
  });

  it.each([...FEE_TIERS])(
    'gives $name no profit for selling as much as the house can buy and buying it back',
    (tier) => {
      const levels = (text: string) => [{ price: price(text), quantity: quantity('2000') }];
      const market = {
        ...{ sequence: '1', volatilityBps: 0n, consolidated: null },
        bids: levels('100.00'),
        asks: levels('100.01'),
      };
      // It can have 1,000 at 100, and the client has bought nearly as much before.
      const pricing = { ...PRICING, skew: { bps: 50, inventoryLimit: money('100000') } };
      const size = { quantity: quantity('1980'), quoteQuantity: null };
      const at = (side: 'BUY' | 'SELL', inventory: bigint) =>
        priceQuote({ side, size, tier, inventory }, market, pricing, INSTRUMENT);
      const sold = at('SELL', -units('990'))?.bid?.price;
      const bought = at('BUY', units('990'))?.ask?.price;
      expect([sold, bought]).toEqual([price('100.00'), price('100.01')]);
    },
  );

  it('shows a client the inventory of the house in tenths of its limit, and its room in hundredths', () => {
    const levels = (text: string) => [{ price: price(text), quantity: quantity('2000') }];
    const market = {
      ...{ sequence: '1', volatilityBps: 0n, consolidated: null },
      bids: levels('99.99'),
      asks: levels('100.01'),
    };
    const pricing = { ...PRICING, skew: { bps: 5, inventoryLimit: money('100000') } };
    const at = (inventory: string, size = '1') => {
      const ask = { size: { quantity: quantity(size), quoteQuantity: null } };
      const held = inventory.startsWith('-') ? -units(inventory.slice(1)) : units(inventory);
      return priceQuote(anAsk({ ...ask, inventory: held }), market, pricing, INSTRUMENT);
    };
    const prices = (inventory: string) => [
      at(inventory)?.bid?.price,
      at(inventory)?.ask?.price,
      at(inventory)?.basis?.skewBps,
    ];
    // The house can have 1,000 at 100.
    expect(prices('49.99')).toEqual(prices('0'));
    expect(prices('-49.99')).toEqual(prices('0'));
    expect(at('50')?.basis?.skewBps).toBe(units('-0.5'));
    expect(prices('149.99')).toEqual(prices('50'));
    expect(at('-300.1')?.basis?.skewBps).toBe(units('1.5'));
    const bought = (inventory: string) =>
      ['790', '790.00001', '800'].filter((size) => at(inventory, size)?.bid != null);
    expect(bought('200')).toEqual(['790', '790.00001', '800']);
    expect(bought('200.01')).toEqual(['790']);
    expect(bought('210')).toEqual(['790']);
  });

  it('has a wider spread if the market has moved', () => {
    const history = new MidHistory();
    history.add(price('100'), 0);
    history.add(price('101'), 4000);
    history.add(price('100.5'), 4050);
    expect(history.rangeBps(9000)).toBe(units('100'));
    // The lowest middle is ten seconds old.
    // From 100.5 to 101 are 49.75 basis points.
    expect(history.rangeBps(10_000)).toBe(units('50'));
    expect(history.rangeBps(20_000)).toBe(0n);
  });

  it('forgets what it had seen before the clock was set back', () => {
    const history = new MidHistory();
    history.add(price('100'), 3_600_000);
    history.add(price('150'), 0);
    expect(history.rangeBps(0)).toBe(0n);
    history.add(price('151.5'), 5000);
    expect(history.rangeBps(5000)).toBe(units('100'));
  });

  it('of a quote quantity is absent where it is worth more or less than an order can have', () => {
    const levels = (text: string) => [{ price: price(text), quantity: quantity('1000') }];
    const market = {
      ...{ sequence: '1', volatilityBps: 0n, consolidated: null },
      bids: levels('90'),
      asks: levels('110'),
    };
    const priced = (amount: string) =>
      priceQuote(
        anAsk({ size: { quantity: null, quoteQuantity: money(amount) } }),
        market,
        { ...PRICING, spreadBps: 0, sizeBpsPerMillion: 0, skew: null },
        INSTRUMENT,
      );
    // Up to 100 base units, and from 0.0001.
    expect(priced('9000')).toMatchObject({ bid: { quantity: quantity('100') } });
    expect(priced('9000.01')).toMatchObject({ bid: {} });
    expect(priced('9001')).toMatchObject({ bid: null, ask: { quantity: quantity('81.82727') } });
    expect(priced('11002')).toBeNull();
    expect(priced('0.01')).toMatchObject({ bid: { quantity: quantity('0.00011') }, ask: null });
    expect(priced('0.0089')).toBeNull();
  });
});

function anAsk(but: Partial<PriceAsk> = {}): PriceAsk {
  const size = { quantity: quantity('1'), quoteQuantity: null };
  return { side: null, size, tier: FEE_TIERS[0], inventory: 0n, ...but };
}
