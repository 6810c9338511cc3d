import { beforeEach, describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import type { OrderTrigger, TriggerKind, TriggerSource } from '../domain/order-trigger.ts';
import type { OrderSide, OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, units } from '../domain/test-orders.ts';
import { settleTriggers } from './settle-triggers.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

// The market is told to the house; every turn of the journal ends with the triggers.

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };

function trigger(
  kind: TriggerKind,
  triggerPrice: string,
  source: TriggerSource = 'BID_ASK',
): { trigger: OrderTrigger } {
  return {
    trigger: {
      kind,
      source,
      timeInForce: 'GTC',
      triggerPrice: price(triggerPrice),
      trailing: null,
      triggeredAt: null,
    },
  };
}

const trailing = (type: 'PRICE' | 'BASIS_POINTS' | 'TICKS', offset: string) => ({
  trigger: { ...trigger('TRAILING_STOP', '0').trigger, trailing: { type, offset: units(offset) } },
});

describe('triggers', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  let place: ReturnType<typeof placer>;
  let sequence = 0;
  const hear = (bid: string, ask: string, ageMs = 0) => {
    desk.house.hear({
      symbol: SYMBOL,
      sequence: `${(sequence += 1)}`,
      bids: [[bid, '10']],
      asks: [[ask, '10']],
      receivedAtMs: now - ageMs,
      suspended: false,
      status: 'TRADING',
    });
  };
  const tick = async (bid: string, ask: string, ageMs = 0) => {
    hear(bid, ask, ageMs);
    await desk.journal.run(() => undefined);
  };
  const statusOf = (id: string) => store.orders.get(id)?.state.status;
  const events = (id: string) =>
    store.events.flatMap(({ order, type }) => (order.id === id ? [type] : []));

  beforeEach(async () => {
    now = NOW_MS;
    store = new MemoryJournalStore();
    desk = startDesk(store, { now: () => now });
    place = placer(desk, store);
    await tick('99.99', '100.00');
  });

  it.each<[TriggerKind, OrderSide, string, [string, string], [string, string]]>([
    ['STOP', 'BUY', '105', ['104.98', '104.99'], ['104.99', '105.00']],
    ['STOP', 'SELL', '95', ['95.01', '95.02'], ['95.00', '95.01']],
    ['TAKE_PROFIT', 'BUY', '95', ['95.00', '95.01'], ['94.99', '95.00']],
    ['TAKE_PROFIT', 'SELL', '105', ['104.99', '105.00'], ['105.00', '105.01']],
  ])(
    '%s %s waits until %s exactly, and fills at the market',
    async (kind, side, at, before, met) => {
      const { id } = await place('a', side, '1', MARKET, trigger(kind, at));
      await tick(...before);
      expect(statusOf(id)).toBe('ACCEPTED');
      await tick(...met);
      expect(events(id)).toEqual(['SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'FILL']);
      expect(statusOf(id)).toBe('FILLED');
      expectConsistent(store);
    },
  );

  it('rests as a limit order once it is set off, and is found there after a restart', async () => {
    const { id } = await place('a', 'SELL', '1', limitAt('96'), trigger('STOP', '95'));
    await tick('95.00', '95.50');
    expect(statusOf(id)).toBe('TRIGGERED');
    desk = startDesk(store, { now: () => now });
    await desk.journal.start();
    expect(desk.venue.book(SYMBOL).best('SELL')?.priceTicks).toBe(9600);
  });

  it('waits on outside the book, also after a restart', async () => {
    const { id } = await place('a', 'SELL', '1', MARKET, trigger('STOP', '95'));
    desk = startDesk(store, { now: () => now });
    await desk.journal.start();
    expect(desk.venue.book(SYMBOL).orderCount).toBe(0);
    await tick('94', '95');
    expect(statusOf(id)).toBe('FILLED');
  });

  it('is not set off by a stale quote', async () => {
    const { id } = await place('a', 'SELL', '1', MARKET, trigger('STOP', '95'));
    await tick('94', '95', 2001);
    expect(statusOf(id)).toBe('ACCEPTED');
    await tick('94', '95', 2000);
    expect(statusOf(id)).toBe('FILLED');
  });

  it('denies a trigger that is met already', async () => {
    const { state } = await place('a', 'SELL', '1', MARKET, trigger('STOP', '99.99'));
    expect(state).toMatchObject({ violations: [{ reason: 'TRIGGER_ALREADY_MET' }] });
    expect((await place('a', 'SELL', '1', MARKET, trigger('STOP', '99.98'))).state.status).toBe(
      'ACCEPTED',
    );
  });

  it('lets one trade set off many: the nearest trigger price first, then the oldest', async () => {
    await place('x', 'BUY', '0.001', limitAt('100'));
    await place('m', 'BUY', '1', limitAt('99.5'));
    const far = await place('a', 'SELL', '1', limitAt('60'), trigger('STOP', '98', 'LAST_PRICE'));
    const near = await place('a', 'SELL', '1', limitAt('60'), trigger('STOP', '99', 'LAST_PRICE'));
    const twin = await place('b', 'SELL', '1', limitAt('60'), trigger('STOP', '99', 'LAST_PRICE'));
    await place('m', 'BUY', '1', limitAt('97'));
    await place('m', 'BUY', '9', limitAt('96'));
    desk.house.hear({
      symbol: SYMBOL,
      sequence: 'none',
      bids: [],
      asks: [],
      receivedAtMs: now,
      suspended: false,
      status: 'TRADING',
    });
    await place('s', 'SELL', '2', limitAt('97'));
    const order = store.events.flatMap((event) =>
      event.type === 'TRIGGERED' ? [event.order.id] : [],
    );
    expect(order).toEqual([near.id, twin.id, far.id]);
    expectConsistent(store);
  });

  it('sets off no more than a turn may carry, and the rest before all that came later', async () => {
    const accounts = Array.from({ length: 1100 }, (_none, index) => `a${index % 10}`);
    await Promise.all(
      accounts.map((account) => place(account, 'SELL', '0.001', MARKET, trigger('STOP', '95'))),
    );
    const turns: (readonly string[])[] = [];
    const commit = store.commit.bind(store);
    store.commit = async (changes) => {
      turns.push(changes.events.map(({ type, order }) => `${order.accountId[0]} ${type}`));
      await commit(changes);
      // What was met stays so, though the price has gone back.
      hear('99', '100');
    };
    const met = tick('94', '95');
    const [later] = await Promise.all([met.then(() => place('b', 'BUY', '1', limitAt('50'))), met]);
    const count = (what: string) => turns.map((turn) => turn.filter((one) => one === what).length);
    expect(count('a TRIGGERED').filter((some) => some > 0)).toEqual([250, 250, 250, 250, 100]);
    expect(statusOf(later.id)).toBe('ACCEPTED');
    expect(turns.findIndex((turn) => turn.includes('b SUBMITTED'))).toBeGreaterThan(
      turns.findLastIndex((turn) => turn.includes('a TRIGGERED')),
    );
    expectConsistent(store);
  });

  it('moves no more trailing stops than a turn may carry, and each to the best price that there was', async () => {
    const accounts = Array.from({ length: 450 }, (_none, index) => `a${index % 10}`);
    await Promise.all(
      accounts.map((account) => place(account, 'SELL', '0.001', MARKET, trailing('PRICE', '20'))),
    );
    const moved: number[] = [];
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      moved.push(changes.events.filter(({ type }) => type === 'AMENDED').length);
      return commit(changes);
    };
    // Of the best price there is one look alone, and others come between them all the time.
    for (const bid of ['103', '110', '105', '104', '103', '102', '101', '100']) {
      await tick(bid, '111');
      now += 25;
    }
    const stops = [...store.orders.values()].map(({ trigger: stop }) => stop?.triggerPrice);
    expect(new Set(stops)).toEqual(new Set([price('90')]));
    expect(Math.max(...moved)).toBe(100);
    // Another turn in the same moment is for others alone.
    await tick('112', '113');
    await tick('113', '114');
    expect(moved.slice(-2)).toEqual([100, 0]);
  });

  it('trails behind the best price, never loosens, and sells there', async () => {
    const { id } = await place('a', 'SELL', '1', MARKET, trailing('PRICE', '2'));
    const stop = () => store.orders.get(id)?.trigger?.triggerPrice;
    expect(stop()).toBe(price('97.99'));
    await tick('103', '104');
    expect(stop()).toBe(price('101'));
    await tick('101.01', '104');
    expect(stop()).toBe(price('101'));
    expect(statusOf(id)).toBe('ACCEPTED');
    await tick('101', '104');
    expect(statusOf(id)).toBe('FILLED');
    expectConsistent(store);
  });

  it.each([
    ['BASIS_POINTS' as const, '100', '101'],
    ['TICKS' as const, '150', '101.5'],
  ])('trails by %s', async (type, offset, expected) => {
    const { trigger: trailed } = await place('a', 'BUY', '1', MARKET, trailing(type, offset));
    expect(trailed?.triggerPrice).toBe(price(expected));
  });

  it('holds enough for a market order at the far end of the collar', async () => {
    const { hold } = await place('a', 'BUY', '1', MARKET, trigger('STOP', '110'));
    // 110 × 1.5, and the taker's fee.
    expect(hold?.placed).toBe((165n * ONE * 1001n) / 1000n);
  });

  it('goes no further than its hold reaches, though the collar was widened while it waited', async () => {
    const { id } = await place('a', 'BUY', '1', MARKET, trigger('STOP', '105'));
    desk.house.hear({
      symbol: SYMBOL,
      sequence: 'thin',
      bids: [['99', '10']],
      asks: [
        ['105', '0.001'],
        ['105.01', '10'],
      ],
      receivedAtMs: now,
      suspended: false,
      status: 'TRADING',
    });
    const wide = { ...INSTRUMENT, collarRate: units('0.6') };
    const sources = { instruments: { get: () => wide }, quotes: desk.house };
    await desk.journal.run((turn) => void settleTriggers(turn, desk.venue, sources));
    expect(statusOf(id)).toBe('FILLED');
    const fees = store.events.flatMap(({ fill }) => (fill === null ? [] : [fill.fee]));
    expect(fees).toEqual([units('0.000105'), units('0.10490499')]);
    expectConsistent(store);
  });

  it('ends at its expiry, waiting or not, and not a millisecond before', async () => {
    const expireAt = NOW_MS + 1000;
    const gtd = { orderType: 'LIMIT', limitPrice: price('99'), timeInForce: 'GTD' } as const;
    const resting = await place('a', 'BUY', '1', gtd, { expireAt });
    const stop = trigger('STOP', '110').trigger;
    const waiting = await place('a', 'BUY', '1', MARKET, {
      trigger: { ...stop, timeInForce: 'GTD' },
      expireAt,
    });
    now += 999;
    await desk.journal.run(() => undefined);
    expect([resting.id, waiting.id].map(statusOf)).toEqual(['ACCEPTED', 'ACCEPTED']);
    now += 1;
    await desk.journal.run(() => undefined);
    for (const { id } of [resting, waiting])
      expect(store.orders.get(id)?.state).toMatchObject({
        status: 'EXPIRED',
        expireReason: 'EXPIRE_TIME_REACHED',
      });
    expect(desk.venue.book(SYMBOL).orderCount).toBe(0);
    const late = await place('a', 'BUY', '1', gtd, { expireAt: now });
    expect(late.state).toMatchObject({ violations: [{ reason: 'EXPIRE_TIME_IN_PAST' }] });
    expectConsistent(store);
  });

  it('ends a DAY order at the next 00:00 UTC', async () => {
    const day = { orderType: 'LIMIT', limitPrice: price('99'), timeInForce: 'DAY' } as const;
    const { id, expireAt } = await place('a', 'BUY', '1', day);
    expect(new Date(expireAt ?? 0).toISOString()).toBe('2023-11-15T00:00:00.000Z');
    now = expireAt ?? 0;
    await desk.journal.run(() => undefined);
    expect(store.orders.get(id)?.state).toMatchObject({ expireReason: 'DAY_ENDED' });
  });
});
