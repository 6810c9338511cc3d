import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OrderId } from '#shared/domain/ids.ts';
import { ONE } from '#shared/domain/decimal.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import { NO_LINK } from '../../domain/order-link.ts';
import {
  isTriggerMet,
  trailedPrice,
  watchedPrice,
  type WatchedPrices,
} from '../../domain/order-trigger.ts';
import { aQuote, anInstrument, anOpenOrder } from '../../domain/test-orders.ts';
import { WaitingOrders } from './waiting-orders.ts';
import { type Waiting, waitingOf } from './waiting-queue.ts';

// What the queues find is held against a scan of all orders, whatever waits and however prices move.

type Drawn<Drawer> = Drawer extends fc.Arbitrary<infer Value> ? Value : never;

const INSTRUMENT = anInstrument({ tickSize: priceOfUnits(ONE) });
const { symbol } = INSTRUMENT;
const at = (whole: number): Price => priceOfUnits(BigInt(whole) * ONE);
/** Few prices, so that many orders have the same. */
const aPrice = fc.integer({ min: 20, max: 40 });

const anOrder = fc.record({
  id: fc.integer({ min: 0, max: 25 }),
  kind: fc.constantFrom('STOP', 'TAKE_PROFIT', 'TRAILING_STOP', 'LEG', 'GONE'),
  side: fc.constantFrom('BUY', 'SELL'),
  source: fc.constantFrom('LAST_PRICE', 'BID_ASK', 'MID_POINT'),
  trigger: aPrice,
  offset: fc.record({
    type: fc.constantFrom('PRICE', 'BASIS_POINTS', 'TICKS'),
    by: fc.constantFrom(1, 2, 3, 700, 12_000),
  }),
} as const);
const prices = fc.record({
  bid: fc.option(aPrice, { freq: 9 }),
  spread: fc.integer({ min: 0, max: 3 }),
  last: fc.option(aPrice, { freq: 9 }),
  hasQuote: fc.boolean(),
  isTrade: fc.boolean(),
});

function orderOf(
  { id, kind, side, source, trigger, offset: { type, by } }: Drawn<typeof anOrder>,
  priority: number,
): RecordedOrder {
  const open = anOpenOrder(kind === 'LEG' ? 'SELL' : side, '50', '1');
  const state = { ...open.state, priority };
  const order = { ...open, state, id: `o-${id}` as OrderId, createdSequence: 1n };
  const triggerPrice = at(trigger);
  if (kind === 'LEG') {
    const stop = { source, triggerPrice, limitPrice: at(10), triggeredAt: null };
    return { ...order, link: { ...NO_LINK, stop } };
  }
  if (kind === 'GONE') return order;
  const trailing = kind === 'TRAILING_STOP' ? { type, offset: BigInt(by) * ONE } : null;
  const waits = { kind, source, triggerPrice, trailing, timeInForce: 'GTC', triggeredAt: null };
  return { ...order, trigger: waits } as RecordedOrder;
}

function pricesOf({ bid, spread, last, hasQuote }: Drawn<typeof prices>): WatchedPrices {
  const bidPrice = bid === null ? null : at(bid);
  const askPrice = bid === null ? null : at(bid + spread);
  return {
    quote: hasQuote ? aQuote({ bidPrice, askPrice }) : null,
    lastPrice: last === null ? null : at(last),
  };
}

/** All that are met, the first to be set off first. */
function metByScan(all: readonly Waiting[], now: WatchedPrices): readonly Waiting[] {
  const past = ({ order, trigger }: Waiting) => {
    const distance = (watchedPrice(order.side, trigger, now) ?? 0n) - trigger.triggerPrice;
    return distance < 0n ? -distance : distance;
  };
  return all
    .filter(({ order, trigger }) => {
      const watched = watchedPrice(order.side, trigger, now);
      return watched !== null && isTriggerMet(order.side, trigger, watched);
    })
    .sort(
      (left, right) =>
        Number(past(right) - past(left)) || left.order.state.priority - right.order.state.priority,
    );
}

function movedByScan(all: readonly Waiting[], now: WatchedPrices): ReadonlyMap<string, Price> {
  return new Map(
    all.flatMap(({ order, trigger }): [string, Price][] => {
      const watched = watchedPrice(order.side, trigger, now);
      if (trigger.trailing === null || watched === null) return [];
      const moved = trailedPrice(order.side, trigger, watched, INSTRUMENT);
      return moved === trigger.triggerPrice ? [] : [[order.id, moved]];
    }),
  );
}

it('finds what a scan of all finds: who was met first, and which trails have moved', () => {
  const step = fc.oneof({ weight: 2, arbitrary: anOrder }, { weight: 3, arbitrary: prices });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      const waiting = new WaitingOrders();
      const known = new Map<OrderId, RecordedOrder>();
      /** Those that were met, by the first price that did, each with its trigger price then. */
      const met = new Map<OrderId, Price>();
      const keep = (order: RecordedOrder) => {
        waiting.keep(order);
        known.set(order.id, order);
        if (waitingOf(order)?.trigger.triggerPrice !== met.get(order.id)) met.delete(order.id);
      };
      const all = () => [...known.values()].flatMap((order) => waitingOf(order) ?? []);
      const unmet = () => all().filter(({ order }) => !met.has(order.id));
      const meet = (now: WatchedPrices) => {
        for (const { order, trigger } of metByScan(unmet(), now))
          met.set(order.id, trigger.triggerPrice);
      };
      const move = (now: WatchedPrices, turn: number) => {
        const moved = waiting.movedTrails(INSTRUMENT, 1000, 1e9 * turn);
        expect(new Map(moved.map(({ order, triggerPrice }) => [order.id, triggerPrice]))).toEqual(
          movedByScan(unmet(), now),
        );
        for (const { order, triggerPrice } of moved)
          if (order.trigger !== null)
            keep({ ...order, trigger: { ...order.trigger, triggerPrice } });
      };
      for (const [priority, one] of steps.entries()) {
        if ('id' in one) {
          keep(orderOf(one, priority + 1));
          expect(waiting.symbols()).toEqual(all().length === 0 ? [] : [symbol]);
          continue;
        }
        const now = pricesOf(one);
        if (one.isTrade) {
          const lastPrice = now.lastPrice ?? at(one.spread + 30);
          waiting.seeTrade({ symbol, price: lastPrice }, now.quote);
          meet({ ...now, lastPrice });
          move({ ...now, lastPrice }, priority);
          continue;
        }
        waiting.seePrices(INSTRUMENT, now, 0);
        move(now, priority);
        // Set off two at most, so that some wait on past their price, as in a turn that could not go on.
        for (let count = 0; count < 2; count += 1) {
          const next = waiting.firstMet(symbol, now);
          meet(now);
          expect(next?.order.id).toBe([...met.keys()][0]);
          if (next !== undefined) keep({ ...next.order, trigger: null, link: NO_LINK });
        }
      }
    }),
    { numRuns: 300 },
  );
});
