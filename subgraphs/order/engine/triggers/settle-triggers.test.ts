import { beforeEach, describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import type { TriggerKind } from '../../domain/order-trigger.ts';
import type { OrderSide } from '../../domain/order.ts';
import { money, NOW_MS, price, quantity, units } from '../../domain/test-orders.ts';
import { expectConsistent, INSTRUMENT, SYMBOL } from '../test-journal.ts';
import { limitAt } from '../test-placement.ts';
import { MARKET, trailingBy, triggerAt, WaitingWorld } from '../test-waiting.ts';

// The market is told to the house; every turn of the journal ends with the triggers.

describe('triggers', () => {
  let world: WaitingWorld;
  const statusOf = (id: string) => world.statusOf(id);
  const events = (id: string) =>
    world.store.events.flatMap(({ order, type }) => (order.id === id ? [type] : []));

  beforeEach(async () => {
    world = new WaitingWorld();
    await world.tick('99.99', '100.00');
  });

  it.each<[TriggerKind, OrderSide, string, [string, string], [string, string]]>([
    ['STOP', 'BUY', '105', ['104.98', '104.99'], ['104.99', '105.00']],
    ['STOP', 'SELL', '95', ['95.01', '95.02'], ['95.00', '95.01']],
    ['TAKE_PROFIT', 'BUY', '95', ['95.00', '95.01'], ['94.99', '95.00']],
    ['TAKE_PROFIT', 'SELL', '105', ['104.99', '105.00'], ['105.00', '105.01']],
  ])(
    '%s %s waits until %s exactly, and fills at the market',
    async (kind, side, at, before, met) => {
      const { id } = await world.place('a', side, '1', MARKET, triggerAt(kind, at));
      await world.tick(...before);
      expect(statusOf(id)).toBe('ACCEPTED');
      await world.tick(...met);
      expect(events(id)).toEqual(['SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'FILL']);
      expect(statusOf(id)).toBe('FILLED');
      expectConsistent(world.store);
    },
  );

  it('rests as a limit order once it is set off, and is found there after a restart', async () => {
    const { id } = await world.place('a', 'SELL', '1', limitAt('96'), triggerAt('STOP', '95'));
    await world.tick('95.00', '95.50');
    expect(statusOf(id)).toBe('TRIGGERED');
    world.restart();
    await world.desk.journal.start();
    expect(world.desk.venue.book(SYMBOL).best('SELL')?.priceTicks).toBe(9600);
  });

  it('waits on outside the book, also after a restart', async () => {
    const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    world.restart();
    await world.desk.journal.start();
    expect(world.desk.venue.book(SYMBOL).orderCount).toBe(0);
    await world.tick('94', '95');
    expect(statusOf(id)).toBe('FILLED');
  });

  it('is not set off by a stale quote', async () => {
    const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    await world.tick('94', '95', 2001);
    expect(statusOf(id)).toBe('ACCEPTED');
    await world.tick('94', '95', 2000);
    expect(statusOf(id)).toBe('FILLED');
  });

  it.each(['LAST_PRICE', 'BID_ASK', 'MID_POINT'] as const)(
    'of %s is not set off by a market that is crossed, on which the house offers nothing',
    async (source) => {
      const stop = triggerAt('STOP', '95', source);
      const { id } = await world.place('a', 'SELL', '1', MARKET, stop);
      await world.tick('94', '90');
      expect(statusOf(id)).toBe('ACCEPTED');
      await world.tick('100', '101');
      expect(statusOf(id)).toBe('ACCEPTED');
      await world.tick('94', '94.01');
      expect(statusOf(id)).toBe('FILLED');
    },
  );

  it('denies a trigger that is met already', async () => {
    const { state } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '99.99'));
    expect(state).toMatchObject({ violations: [{ reason: 'TRIGGER_ALREADY_MET' }] });
    expect(
      (await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '99.98'))).state.status,
    ).toBe('ACCEPTED');
  });

  it('lets one trade set off many: the nearest trigger price first, then the oldest', async () => {
    await world.place('x', 'BUY', '0.001', limitAt('100'));
    await world.place('m', 'BUY', '1', limitAt('99.5'));
    const far = await world.place(
      'a',
      'SELL',
      '1',
      limitAt('60'),
      triggerAt('STOP', '98', 'LAST_PRICE'),
    );
    const near = await world.place(
      'a',
      'SELL',
      '1',
      limitAt('60'),
      triggerAt('STOP', '99', 'LAST_PRICE'),
    );
    const twin = await world.place(
      'b',
      'SELL',
      '1',
      limitAt('60'),
      triggerAt('STOP', '99', 'LAST_PRICE'),
    );
    await world.place('m', 'BUY', '1', limitAt('97'));
    await world.place('m', 'BUY', '9', limitAt('96'));
    world.hear('90', '110');
    await world.place('s', 'SELL', '2', limitAt('97'));
    const order = world.store.events.flatMap((event) =>
      event.type === 'TRIGGERED' ? [event.order.id] : [],
    );
    expect(order).toEqual([near.id, twin.id, far.id]);
    expectConsistent(world.store);
  });

  it('sets off no more than a turn may carry, and the rest before all that came later', async () => {
    const accounts = Array.from({ length: 1100 }, (_none, index) => `a${index % 10}`);
    await Promise.all(
      accounts.map((account) =>
        world.place(account, 'SELL', '0.001', MARKET, triggerAt('STOP', '95')),
      ),
    );
    const turns: (readonly string[])[] = [];
    const commit = world.store.commit.bind(world.store);
    world.store.commit = async (changes) => {
      turns.push(changes.events.map(({ type, order }) => `${order.accountId[0]} ${type}`));
      const outbox = await commit(changes);
      // What was met stays so, though the price has gone back.
      world.hear('99', '100');
      return outbox;
    };
    const met = world.tick('94', '95');
    const [later] = await Promise.all([
      met.then(() => world.place('b', 'BUY', '1', limitAt('50'))),
      met,
    ]);
    const count = (what: string) => turns.map((turn) => turn.filter((one) => one === what).length);
    expect(count('a TRIGGERED').filter((some) => some > 0)).toEqual([250, 250, 250, 250, 100]);
    expect(statusOf(later.id)).toBe('ACCEPTED');
    expect(turns.findIndex((turn) => turn.includes('b SUBMITTED'))).toBeGreaterThan(
      turns.findLastIndex((turn) => turn.includes('a TRIGGERED')),
    );
    expectConsistent(world.store);
  });

  it('moves no more trailing stops than a turn may carry, and each to the best price that there was', async () => {
    const accounts = Array.from({ length: 450 }, (_none, index) => `a${index % 10}`);
    await Promise.all(
      accounts.map((account) => world.place(account, 'SELL', '0.001', MARKET, trailingBy('20'))),
    );
    const moved: number[] = [];
    const commit = world.store.commit.bind(world.store);
    world.store.commit = (changes) => {
      moved.push(changes.events.filter(({ type }) => type === 'AMENDED').length);
      return commit(changes);
    };
    // Of the best price there is one look alone, and others come between them all the time.
    for (const bid of ['103', '110', '105', '104', '103', '102', '101', '100']) {
      await world.tick(bid, '111');
      world.now += 25;
    }
    const stops = [...world.store.orders.values()].map(({ trigger: stop }) => stop?.triggerPrice);
    expect(new Set(stops)).toEqual(new Set([price('90')]));
    expect(Math.max(...moved)).toBe(100);
    // Another turn in the same moment is for others alone.
    await world.tick('112', '113');
    await world.tick('113', '114');
    expect(moved.slice(-2)).toEqual([100, 0]);
  });

  it('trails behind the best price, never loosens, and sells there', async () => {
    const { id } = await world.place('a', 'SELL', '1', MARKET, trailingBy('2'));
    const stop = () => world.triggerPriceOf(id);
    expect(stop()).toBe(price('97.99'));
    await world.tick('103', '104');
    expect(stop()).toBe(price('101'));
    await world.tick('101.01', '104');
    expect(stop()).toBe(price('101'));
    expect(statusOf(id)).toBe('ACCEPTED');
    await world.tick('101', '104');
    expect(statusOf(id)).toBe('FILLED');
    expectConsistent(world.store);
  });

  it.each([
    ['BASIS_POINTS' as const, '100', '101'],
    ['TICKS' as const, '150', '101.5'],
  ])('trails by %s', async (type, offset, expected) => {
    const { trigger: trailed } = await world.place(
      'a',
      'BUY',
      '1',
      MARKET,
      trailingBy(offset, type),
    );
    expect(trailed?.triggerPrice).toBe(price(expected));
  });

  it('holds enough for a market order at the far end of the collar', async () => {
    const { hold } = await world.place('a', 'BUY', '1', MARKET, triggerAt('STOP', '110'));
    // 110 × 1.5, and the taker's fee.
    expect(hold?.placed).toBe((165n * ONE * 1001n) / 1000n);
  });

  it('goes no further than its hold reaches, though the collar was widened while it waited', async () => {
    const { id } = await world.place('a', 'BUY', '1', MARKET, triggerAt('STOP', '105'));
    const asks = [
      ['105', '0.001'],
      ['105.01', '10'],
    ] as const;
    world.hearBook([['99', '10']], asks);
    const wide = { ...INSTRUMENT, collarRate: units('0.6') };
    world.desk.instruments.get = () => wide;
    await world.turn();
    expect(statusOf(id)).toBe('FILLED');
    const fees = world.store.events.flatMap(({ fill }) => (fill === null ? [] : [fill.fee]));
    expect(fees).toEqual([units('0.000105'), units('0.10490499')]);
    expectConsistent(world.store);
  });

  it('sells into a market that has fallen far past its trigger in one step', async () => {
    const { id } = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    const bids = [
      ['40', '0.6'],
      ['19', '10'],
    ] as const;
    world.hearBook(bids, [['41', '10']]);
    await world.turn();
    // The collar of a half lies around the market of 40.50, and no longer around 95.
    expect(world.store.orders.get(id)).toMatchObject({
      filledQuantity: quantity('0.6'),
      filledNotional: money('24'),
      state: { status: 'EXPIRED', expireReason: 'PRICE_RANGE_EXCEEDED' },
    });
    expectConsistent(world.store);
  });

  it('ends at its expiry, waiting or not, and not a millisecond before', async () => {
    const expireAt = NOW_MS + 1000;
    const gtd = { orderType: 'LIMIT', limitPrice: price('99'), timeInForce: 'GTD' } as const;
    const resting = await world.place('a', 'BUY', '1', gtd, { expireAt });
    const stop = triggerAt('STOP', '110').trigger;
    const waiting = await world.place('a', 'BUY', '1', MARKET, {
      trigger: { ...stop, timeInForce: 'GTD' },
      expireAt,
    });
    world.now += 999;
    await world.turn();
    expect([resting.id, waiting.id].map(statusOf)).toEqual(['ACCEPTED', 'ACCEPTED']);
    world.now += 1;
    await world.turn();
    for (const { id } of [resting, waiting])
      expect(world.store.orders.get(id)?.state).toMatchObject({
        status: 'EXPIRED',
        expireReason: 'EXPIRE_TIME_REACHED',
      });
    expect(world.desk.venue.book(SYMBOL).orderCount).toBe(0);
    const late = await world.place('a', 'BUY', '1', gtd, { expireAt: world.now });
    expect(late.state).toMatchObject({ violations: [{ reason: 'EXPIRE_TIME_IN_PAST' }] });
    expectConsistent(world.store);
  });

  it('ends a DAY order at the next 00:00 UTC', async () => {
    const day = { orderType: 'LIMIT', limitPrice: price('99'), timeInForce: 'DAY' } as const;
    const { id, expireAt } = await world.place('a', 'BUY', '1', day);
    expect(new Date(expireAt ?? 0).toISOString()).toBe('2023-11-15T00:00:00.000Z');
    world.now = expireAt ?? 0;
    await world.turn();
    expect(world.store.orders.get(id)?.state).toMatchObject({ expireReason: 'DAY_ENDED' });
  });
});
