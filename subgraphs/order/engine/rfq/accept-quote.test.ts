import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, ClientRfqId, RfqId, TradeId } from '#shared/domain/ids.ts';
import type { OrderTrigger } from '../../domain/order-trigger.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { money, NOW_MS, price, quantity } from '../../domain/test-orders.ts';
import { INSTRUMENT, SYMBOL } from '../test-journal.ts';
import { limitAt, placer } from '../test-placement.ts';
import { quoteRfqs } from './quote-rfqs.ts';
import { moveSettlements } from './settle-rfqs.ts';
import { AcceptWorld, ANNA, APPLIED, orderIdOf, RFQ } from './test-accepts.ts';

const SECOND = 'second' as RfqId;

let world: AcceptWorld;
beforeEach(async () => {
  world = new AcceptWorld();
  world.market();
  await world.quoted();
});

describe('a request that arrives while there is no market', () => {
  it.each([
    ['0.05', 0],
    ['0.1', 1],
    ['9', 0],
  ])('of %s is valued before its first quote', async (size, quotes) => {
    const instrument = { ...INSTRUMENT, minNotional: money('10'), maxNotional: money('500') };
    world.market(true);
    const id = `late-${size}` as RfqId;
    const asked = { quantity: quantity(size), quoteQuantity: null };
    await world.engine.request(
      {
        id,
        clientRfqId: 'late' as ClientRfqId,
        accountId: ANNA,
        symbol: SYMBOL,
        side: 'BUY',
        size: asked,
      },
      instrument,
    );
    world.now += RFQ_SETTINGS.requoteMs;
    world.market();
    world.desk.instruments.get = () => instrument;
    await world.desk.journal.run(quoteRfqs);
    const made = [...world.store.rfq.quotes.values()].filter(({ rfqId }) => rfqId === id);
    expect(made).toHaveLength(quotes);
  });
});

describe('requests whose prices have changed', () => {
  it('are quoted over as many turns as needed, those that have waited longest first', async () => {
    world = new AcceptWorld(8);
    world.market();
    for (let count = 0; count < 20; count += 1) await world.quoted(`r-${count}` as RfqId, '0.1');
    const turns: string[][] = [];
    const commit = world.store.commit.bind(world.store);
    world.store.commit = (changes) => {
      turns.push(changes.rfq.events.map(({ rfqId }) => rfqId));
      return commit(changes);
    };
    for (let ticks = 1; ticks <= 3; ticks += 1) {
      world.now += RFQ_SETTINGS.requoteMs;
      world.market(false, 'TRADING', ticks);
      await world.desk.journal.run(quoteRfqs);
    }
    expect(turns.map(({ length }) => length)).toEqual([8, 8, 8]);
    expect(new Set(turns.flat()).size).toBe(20);
  });
});

describe('an accept', () => {
  it('waits for a market and fills at the first one in the window', async () => {
    await world.accept();
    world.market(true);
    await world.answerHold();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += RFQ_SETTINGS.lastLookMs - 1;
    world.market();
    await world.turn();
    expect(world.state()).toBe('FILLED / FILLED');
  });

  it('does not move the last price, and so triggers no other order', async () => {
    const { desk, store } = world;
    const trigger: OrderTrigger = {
      ...{ kind: 'STOP', source: 'LAST_PRICE', timeInForce: 'GTC' },
      ...{ triggerPrice: price('100'), trailing: null, triggeredAt: null },
    };
    const terms = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
    const place = placer(desk, store);
    await place('carol', 'SELL', '0.01', limitAt('99'));
    const stop = await place('bob', 'BUY', '1', terms, { trigger });
    await world.accept();
    await world.answerHold();
    expect(world.state()).toBe('FILLED / FILLED');
    expect(desk.journal.state?.lastPrice(SYMBOL)).toBe(price('99.99'));
    expect(store.orders.get(stop.id)?.state.status).toBe('ACCEPTED');
  });

  it('fills at its price though the tick size has grown since', async () => {
    world.market(false, 'TRADING', 3);
    await world.quoted(SECOND);
    await world.accept(SECOND, { ...INSTRUMENT, tickSize: price('0.1') });
    await world.answerHold(APPLIED, SECOND);
    expect(world.store.rfq.rfqs.get(SECOND)?.state).toMatchObject({
      ...{ status: 'FILLED', fillPrice: price('100.08') },
    });
  });

  it('is filled in the same millisecond as its order, so that figures of a period agree', async () => {
    await world.accept();
    world.setClock(-500);
    world.market();
    await world.answerHold();
    const fill = world.store.events.find(({ type }) => type === 'FILL');
    expect(world.store.rfq.rfqs.get(RFQ)?.state).toMatchObject({
      ...{ status: 'FILLED', closedAt: fill?.fill?.executedAt },
    });
  });

  it('is rejected if no market arrives in the window, and releases its hold', async () => {
    await world.accept();
    world.market(true);
    await world.answerHold();
    world.now += RFQ_SETTINGS.lastLookMs;
    await world.turn();
    expect(world.state()).toBe('REJECTED NOT_QUOTING / REJECTED');
    expect(world.store.outbox).toMatchObject([{ releaseHold: { orderId: orderIdOf(RFQ) } }]);
  });

  it('is not filled if its instrument has stopped trading since', async () => {
    await world.accept();
    world.market(false, 'HALTED');
    await world.answerHold();
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    world.now += RFQ_SETTINGS.lastLookMs;
    world.market(false, 'HALTED');
    await world.turn();
    expect(world.state()).toBe('REJECTED NOT_QUOTING / REJECTED');
  });

  it('is rejected if trading is halted meanwhile, though the halt itself cancels no accept', async () => {
    await world.accept();
    await world.setTradingState('HALTED');
    expect(world.state()).toBe('ACCEPT_PENDING / SUBMITTED');
    await world.answerHold();
    expect(world.state()).toBe('REJECTED TRADING_HALTED / REJECTED');
  });

  it('is rejected for the reason of its refused hold', async () => {
    await world.accept();
    await world.answerHold({ kind: 'ACCOUNT_UNAVAILABLE', free: null });
    expect(world.state()).toBe('REJECTED ACCOUNT_BLOCKED / DENIED');
  });

  it('cannot be undone by canceling its request or its order', async () => {
    await world.accept();
    expect((await world.engine.cancel(RFQ))?.state.status).toBe('ACCEPT_PENDING');
    expect(await world.desk.engine.cancel(orderIdOf(RFQ))).toBeNull();
    await world.desk.safety.cancelAll({ accountId: ANNA, symbol: null, side: null });
    await world.answerHold();
    expect(world.state()).toBe('FILLED / FILLED');
  });

  it('is refused if the instrument or trading state does not allow it', async () => {
    expect(await world.accept(RFQ, { ...INSTRUMENT, status: 'HALTED' })).toBe(
      'INSTRUMENT_NOT_TRADING',
    );
    await world.setTradingState('REDUCING');
    expect(await world.accept()).toBe('TRADING_STATE_REDUCING');
    await world.setTradingState('HALTED');
    expect(await world.accept()).toBe('TRADING_HALTED');
    await world.setTradingState('ACTIVE');
    expect(await world.accept()).toBe('pending');
  });

  it('counts other pending accepts toward the limit of the desk', async () => {
    const [six, four] = ['six' as RfqId, 'four' as RfqId];
    await world.quoted(six, '6');
    await world.quoted(four, '4');
    expect(await world.accept(six)).toBe('pending');
    // The desk can have ten at 100. Four are left, and the next accept takes two of them.
    expect(await world.accept()).toBe('pending');
    expect(await world.accept(four)).toBe('RISK_LIMIT_EXCEEDED');
    // How much is left would tell the client what others have traded.
    expect(world.refusal).toMatchObject({ rule: 'inventoryLimit', limit: null, actual: null });
    expect(world.refusal?.message).not.toMatch(/\d/);
  });

  it('leaves the book only what the limit of the desk allows beside pending accepts', async () => {
    const seven = 'seven' as RfqId;
    await world.quoted(seven, '7');
    expect(await world.accept(seven)).toBe('pending');
    const bob = 'bob' as RfqId;
    const terms = { orderType: 'MARKET', timeInForce: 'IOC' } as const;
    await world.desk.engine.submit(
      {
        ...{ id: orderIdOf(bob), accountId: 'bob' as AccountId, symbol: SYMBOL, terms },
        ...{ clientOrderId: 'b' as ClientOrderId, side: 'BUY', quantity: quantity('7') },
      },
      INSTRUMENT,
    );
    await world.answerHold(APPLIED, bob);
    // 1,000 are 10.001 at 99.99.
    expect(world.store.orders.get(orderIdOf(bob))?.filledQuantity).toBe(quantity('3.001'));
    expect(world.state(seven)).toBe('ACCEPT_PENDING / SUBMITTED');
  });

  it('counts earlier fills of its own turn toward the limit of the desk', async () => {
    const [seven, four] = ['seven' as RfqId, 'four' as RfqId];
    await world.quoted(seven, '7');
    await world.quoted(four, '4');
    expect(await world.accept(seven)).toBe('pending');
    // One turn takes both.
    const [, refused] = await Promise.all([world.answerHold(APPLIED, seven), world.accept(four)]);
    expect(world.state(seven)).toBe('FILLED / FILLED');
    expect(refused).toBe('RISK_LIMIT_EXCEEDED');
    // The fill is in the inventory now, and is not counted twice.
    expect(await world.accept()).toBe('pending');
  });
});

describe('a request', () => {
  it('expires whether or not it was quoted, with one event', async () => {
    world.now += RFQ_SETTINGS.rfqLifeMs + 1000;
    await world.turn();
    await world.turn();
    expect(world.state()).toBe('EXPIRED / undefined');
    const last = world.store.rfq.events.filter(({ type }) => type === 'EXPIRED');
    expect(last).toHaveLength(1);
    expect(await world.accept()).toBe('closed');
  });

  it('expires with its quotes when the clock is set back: they would be firm for that long again', async () => {
    world.now -= 1000;
    world.market();
    await world.turn();
    expect(world.state()).toBe('QUOTED / undefined');
    world.now -= 3_600_000;
    world.market();
    expect(await world.accept()).toBe('closed');
    expect(world.state()).toBe('EXPIRED / undefined');
    await world.quoted('next' as RfqId);
    expect(await world.accept('next' as RfqId)).toBe('pending');
  });
});

describe('a settlement', () => {
  const statuses = () =>
    world.store.rfq.events.flatMap(({ settlement }) => settlement?.state.status ?? []);
  const move = (status: 'INSTRUCTED' | 'SETTLED' | 'FAILED') =>
    world.desk.journal.run((turn) => {
      const ids = [...world.store.rfq.settlements.keys()] as TradeId[];
      moveSettlements(turn, ids, status);
    });
  beforeEach(async () => {
    await world.accept();
    await world.answerHold();
  });

  it('moves step by step, with one event each', async () => {
    for (const status of ['INSTRUCTED', 'INSTRUCTED', 'SETTLED', 'SETTLED'] as const)
      await move(status);
    expect(statuses()).toEqual(['PENDING', 'INSTRUCTED', 'SETTLED']);
    // Nothing can follow, and nothing of it stays in memory.
    expect(world.desk.journal.state?.rfqs.rfq(RFQ)).toBeUndefined();
  });

  it('stays failed while it is retried, and settles once the ledger accepts it', async () => {
    for (const status of ['INSTRUCTED', 'FAILED', 'INSTRUCTED', 'SETTLED'] as const)
      await move(status);
    expect(statuses()).toEqual(['PENDING', 'INSTRUCTED', 'FAILED', 'SETTLED']);
  });

  it('is instructed first if only its end was observed, each with an event', async () => {
    await move('SETTLED');
    expect(statuses()).toEqual(['PENDING', 'INSTRUCTED', 'SETTLED']);
    expect([...world.store.rfq.settlements.values()]).toMatchObject([
      { state: { status: 'SETTLED', instructedAt: NOW_MS, settledAt: NOW_MS } },
    ]);
  });
});
