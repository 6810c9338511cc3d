import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import { NO_INSTRUCTIONS, type OrderInstructions } from '../domain/order-instructions.ts';
import type { OrderTrigger } from '../domain/order-trigger.ts';
import { isOpen, type OrderSide, type OrderTerms } from '../domain/order.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { matchMarketMove } from './match-market-move.ts';
import { resolveHold } from './resolve-hold.ts';
import { INSTRUMENT, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt } from './test-placement.ts';
import { openTestOrderStores, type TestOrderStores } from '../store/test-order-stores.ts';
import { StoredJournal } from './test-stored-journal.ts';

// The journal on PostgreSQL, whose statements may last two seconds.

const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };
const ICEBERG: OrderInstructions = { ...NO_INSTRUCTIONS, displayQuantity: quantity('0.0001') };
const STOP: OrderTrigger = {
  kind: 'STOP',
  source: 'BID_ASK',
  timeInForce: 'GTC',
  triggerPrice: price('105'),
  trailing: null,
  triggeredAt: null,
};

describe('a turn on PostgreSQL', { timeout: 120_000 }, () => {
  let owned: TestOrderStores;
  let store: StoredJournal;
  let desk: ReturnType<typeof startDesk>;
  let ids = 0;

  beforeEach(async () => {
    owned = await openTestOrderStores();
    store = new StoredJournal(owned.stores);
    desk = startDesk(store);
  });
  afterEach(() => owned.close());

  const submit = async (
    account: string,
    side: OrderSide,
    ordered: string,
    terms: OrderTerms,
    more: { instructions?: OrderInstructions; trigger?: OrderTrigger; expireAt?: number } = {},
  ) => {
    const id = `o-${(ids += 1)}` as OrderId;
    const names = { id, accountId: account as AccountId, clientOrderId: `${id}` as ClientOrderId };
    const order = { ...names, symbol: SYMBOL, side, quantity: quantity(ordered), terms, ...more };
    await desk.engine.submit(order, INSTRUMENT);
    return id;
  };
  const answer = (orderId: OrderId) => {
    const outcome = { kind: 'APPLIED', free: null } as const;
    const answered = { orderId, outcome, instrument: INSTRUMENT };
    return desk.journal.run((turn) => resolveHold(turn, answered));
  };
  const place = async (...order: Parameters<typeof submit>) => {
    const id = await submit(...order);
    await answer(id);
    return id;
  };
  const hear = (bid: string, ask: string) => desk.hear(bid, ask, '1000');
  const statusOf = (id: OrderId) => store.orders.get(id)?.state.status;

  it('is never more than a statement can carry: for an order that takes 600 icebergs, and for a market that moves through 2500 orders', async () => {
    await Promise.all(
      Array.from({ length: 600 }, (_none, index) =>
        place(`a${index % 3}`, 'SELL', '0.0015', limitAt('90'), { instructions: ICEBERG }),
      ),
    );
    const taker = await submit('z', 'BUY', '0.9', limitAt('90'));
    const other = await submit('w', 'BUY', '0.1', limitAt('50'));
    await Promise.all([answer(taker), answer(other)]);
    await desk.journal.idle();
    expect([statusOf(taker), statusOf(other)]).toEqual(['FILLED', 'ACCEPTED']);
    await Promise.all(
      Array.from({ length: 2500 }, (_none, index) =>
        place(`b${index % 50}`, 'BUY', '0.01', limitAt('90')),
      ),
    );
    hear('80', '85');
    await desk.journal.runThrough((turn) => matchMarketMove(turn, INSTRUMENT));
    const open = [...store.orders.values()].filter(isOpen);
    expect(open.map(({ id }) => id)).toEqual([other]);
    expect(Math.max(...store.eventsPerTurn)).toBeLessThanOrEqual(1502);
  });

  it('is not refused forever for one order that cannot go on: that ends, and gives its hold back', async () => {
    hear('99', '100');
    await desk.journal.start();
    const bad = await place('bad', 'BUY', '0.1', MARKET, { trigger: STOP });
    const good = await place('good', 'BUY', '0.1', MARKET, { trigger: STOP });
    await owned.sql('UPDATE orders SET hold_remaining = 1 WHERE id = $1', [bad]);
    desk = startDesk(store);
    hear('105', '106');
    const other = await place('w', 'BUY', '0.1', limitAt('60'));
    await desk.journal.idle();
    expect(store.orders.get(bad)?.state).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'TECHNICAL',
    });
    expect(store.outbox).toContainEqual({
      releaseHold: { holdId: bad, accountId: 'bad', orderId: bad },
    });
    expect([statusOf(good), statusOf(other)]).toEqual(['FILLED', 'ACCEPTED']);
  });

  it('fails the one command whose order no row can hold, and no other', async () => {
    await desk.journal.start();
    const terms = { ...limitAt('60'), timeInForce: 'GTD' } as OrderTerms;
    const endless = submit('bad', 'BUY', '0.1', terms, { expireAt: 1e300 });
    const [refused, other] = await Promise.allSettled([
      endless,
      submit('w', 'BUY', '0.1', limitAt('60')),
    ]);
    expect([refused, other]).toMatchObject([
      { status: 'rejected', reason: { name: 'TurnRefusedError' } },
      { status: 'fulfilled' },
    ]);
  });
});
