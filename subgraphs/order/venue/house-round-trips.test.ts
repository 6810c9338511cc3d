import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moneyOfUnits } from '#shared/domain/money.ts';
import type { LevelText } from '#shared/events/topics.ts';
import type { OrderSide } from '../domain/order.ts';
import { anInstrument, NOW_MS } from '../domain/test-orders.ts';
import { House } from './house.ts';

// A client trades with a house that leans, on a market whose prices do not change and which is published again and again.

const INSTRUMENT = anInstrument();
const { tickSize, quantityStep } = INSTRUMENT;

const steps = fc.integer({ min: 1, max: 1000 });
const away = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 60 }), steps }), {
  minLength: 1,
  maxLength: 4,
});
/** Around 100.00; the ask is as many ticks above the bid, or below it. */
const market = fc.record({ gap: fc.integer({ min: -20, max: 40 }), bids: away, asks: away });
const settings = fc.record({
  spreadBps: fc.integer({ min: 0, max: 20 }),
  levels: fc.integer({ min: 1, max: 4 }),
  sizePercent: fc.constantFrom(50, 100, 1000),
  skew: fc.record({
    bps: fc.integer({ min: 0, max: 1000 }),
    limit: fc.constantFrom(1n, 20n, 400n),
  }),
});
/** Null closes what is open, as far as the house trades. */
const trade = fc.option(fc.record({ side: fc.constantFrom<OrderSide>('BUY', 'SELL'), steps }));

type Market = typeof market extends fc.Arbitrary<infer Value> ? Value : never;
type Settings = typeof settings extends fc.Arbitrary<infer Value> ? Value : never;

/** What a client has traded with the house, in ticks and steps. */
class Client {
  steps = 0n;
  paid = 0n;
  readonly #house: House;
  readonly #depth: Record<'bids' | 'asks', readonly LevelText[]>;
  #sequence = 0;

  constructor({ gap, bids, asks }: Market, { skew, ...house }: Settings) {
    const inventoryLimit = moneyOfUnits(skew.limit * 1000n * tickSize);
    this.#house = new House(
      { ...house, skew: { bps: skew.bps, inventoryLimit } },
      { now: () => NOW_MS },
      { of: () => -this.steps * quantityStep, promised: () => 0n },
    );
    this.#depth = { bids: levelsFrom(10_000, bids, -1), asks: levelsFrom(10_000 + gap, asks, 1) };
  }

  close(): void {
    if (this.steps > 0n) this.trade('SELL', Number(this.steps));
    else this.trade('BUY', Number(-this.steps));
  }

  trade(side: OrderSide, quantity: number): void {
    const { symbol } = INSTRUMENT;
    const sequence = `${(this.#sequence += 1)}`;
    const fresh = { receivedAtMs: NOW_MS, suspended: false, status: 'TRADING' } as const;
    this.#house.hear({ symbol, sequence, ...this.#depth, ...fresh });
    const houseSide = side === 'BUY' ? 'SELL' : 'BUY';
    let left = quantity;
    for (const { priceTicks, leavesSteps } of this.#house.levels(INSTRUMENT)[houseSide]) {
      const quantitySteps = Math.min(left, leavesSteps);
      if (quantitySteps === 0) break;
      left -= quantitySteps;
      this.#house.take(INSTRUMENT, [{ side: houseSide, priceTicks, quantitySteps }]);
      const signed = BigInt(side === 'BUY' ? quantitySteps : -quantitySteps);
      this.steps += signed;
      this.paid += signed * BigInt(priceTicks);
    }
  }
}

function levelsFrom(best: number, levels: Market['bids'], direction: 1 | -1): LevelText[] {
  let ticks = best;
  return levels.map((level) => {
    const text = (ticks / 100).toFixed(2);
    ticks += direction * level.ticks;
    return [text, (level.steps / 100_000).toFixed(5)];
  });
}

it('no round trip against the house makes a profit while the market is unchanged, however it leans', () => {
  fc.assert(
    fc.property(market, settings, fc.array(trade, { maxLength: 30 }), (prices, house, trades) => {
      const client = new Client(prices, house);
      for (const next of trades) {
        if (next === null) client.close();
        else client.trade(next.side, next.steps);
        if (client.steps === 0n) expect(client.paid).toBeGreaterThanOrEqual(0n);
      }
    }),
    { numRuns: 500 },
  );
});
