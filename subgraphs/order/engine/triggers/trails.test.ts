import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { ONE } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { isTriggerMet, trailedPrice } from '../../domain/order-trigger.ts';
import { anInstrument, anOpenOrder } from '../../domain/test-orders.ts';
import { type Trailing, Trails } from './trails.ts';

const INSTRUMENT = anInstrument({ tickSize: priceOfUnits(ONE) });
const at = (whole: number): Price => priceOfUnits(BigInt(whole) * ONE);
const START = at(10_000);

const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ come: fc.nat({ max: 9 }), offset: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ go: fc.nat({ max: 9 }) }) },
  { weight: 5, arbitrary: fc.record({ see: fc.integer({ min: 20, max: 40 }) }) },
  { weight: 4, arbitrary: fc.record({ move: fc.integer({ min: 1, max: 3 }) }) },
);

function trailingOf(side: 'BUY' | 'SELL', id: number, offset: number): Trailing {
  const order = { ...anOpenOrder(side, '50', '1'), id: `o-${id}` as OrderId, createdSequence: 1n };
  // As far from the market as can be, so that the first price that is seen moves it.
  const triggerPrice = side === 'SELL' ? at(1) : START;
  const trailing = { type: 'PRICE', offset: BigInt(offset) * ONE } as const;
  return { order, trigger: { triggerPrice, trailing } };
}

it.each(['BUY', 'SELL'] as const)(
  'of a %s follow the best price since each came, and are met by one that comes back, however few are moved at a time',
  (side) => {
    let metOnTheWay = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), (steps) => {
        const trails = new Trails(side);
        const known = new Map<OrderId, Trailing>();
        /** Where each has to come to by all that was seen since it came. */
        const wanted = new Map<OrderId, Price>();
        /** Those that a price has come back to. */
        const met = new Set<OrderId>();
        const forget = (id: OrderId) => {
          trails.remove(id);
          known.delete(id);
          wanted.delete(id);
          met.delete(id);
        };
        const isMetAt = (triggerPrice: Price, seen: Price) =>
          isTriggerMet(side, { kind: 'TRAILING_STOP', triggerPrice }, seen);
        const see = (seen: Price) => {
          // Whom a price meets where it stands has left before it is noted.
          for (const [id, { trigger }] of known)
            if (isMetAt(trigger.triggerPrice, seen)) forget(id);
          trails.see(seen, INSTRUMENT);
          for (const [id, { trigger }] of known) {
            const triggerPrice = wanted.get(id) ?? trigger.triggerPrice;
            if (isMetAt(triggerPrice, seen)) met.add(id);
            else if (!met.has(id))
              wanted.set(id, trailedPrice(side, { ...trigger, triggerPrice }, seen, INSTRUMENT));
          }
        };
        const move = (limit: number) => {
          const moved = trails.moved(limit, INSTRUMENT);
          expect(moved.length).toBeLessThanOrEqual(limit);
          for (const { order, triggerPrice, isMet } of moved) {
            const before = known.get(order.id);
            if (before === undefined) throw new Error('One that is gone was moved.');
            expect(triggerPrice).not.toBe(before.trigger.triggerPrice);
            expect(isMet).toBe(met.has(order.id));
            if (isMet) {
              expect(triggerPrice).toBe(wanted.get(order.id));
              forget(order.id);
              metOnTheWay += 1;
              continue;
            }
            const after = { order, trigger: { ...before.trigger, triggerPrice } };
            trails.add(after);
            known.set(order.id, after);
          }
        };
        for (const one of steps) {
          if ('come' in one) {
            const trailing = trailingOf(side, one.come, one.offset);
            forget(trailing.order.id);
            trails.add(trailing);
            known.set(trailing.order.id, trailing);
            wanted.set(trailing.order.id, trailing.trigger.triggerPrice);
          } else if ('go' in one) {
            forget(`o-${one.go}` as OrderId);
          } else if ('see' in one) see(at(one.see));
          else move(one.move);
        }
        // Ten of them, two at a time, and what was seen while they were looked at.
        for (let turn = 0; turn < 20; turn += 1) move(2);
        expect(new Map([...known].map(([id, { trigger }]) => [id, trigger.triggerPrice]))).toEqual(
          wanted,
        );
      }),
      { numRuns: 300 },
    );
    // Of use only if enough of what is rare happens.
    expect(metOnTheWay).toBeGreaterThan(50);
  },
);
