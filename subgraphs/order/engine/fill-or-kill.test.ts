import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import type { OrderTerms } from '../domain/order.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { resolveHold } from './resolve-hold.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const FOK: OrderTerms = { orderType: 'LIMIT', limitPrice: price('101'), timeInForce: 'FOK' };
const APPLIED = { kind: 'APPLIED', free: null } as const;

describe('an order that is to be filled or killed', () => {
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  beforeEach(async () => {
    store = new MemoryJournalStore();
    // Room for four orders that one meets, and for as many in a turn of its own.
    desk = startDesk(store, { mostEvents: 8 });
    const place = placer(desk, store);
    for (let n = 0; n < 6; n += 1) await place(`seller-${n}`, 'SELL', '0.1', limitAt('100'));
  });

  async function submit(account: string, ordered: string, terms: OrderTerms): Promise<OrderId> {
    const id = account as OrderId;
    const names = { id, accountId: account as AccountId, clientOrderId: account as ClientOrderId };
    const order = { ...names, symbol: SYMBOL, side: 'BUY' as const, terms };
    await desk.engine.submit({ ...order, quantity: quantity(ordered) }, INSTRUMENT);
    return id;
  }
  const answer = (orderId: OrderId) =>
    desk.journal.run((turn) =>
      resolveHold(turn, { orderId, outcome: APPLIED, instrument: INSTRUMENT }),
    );
  const statusOf = (id: OrderId) => store.orders.get(id)?.state.status;

  it('is killed at once if no turn could fill it, and takes no turn from others', async () => {
    const ids = [
      await submit('one', '0.6', FOK),
      await submit('two', '9', FOK),
      await submit('three', '0.6', FOK),
      await submit('four', '0.1', limitAt('90')),
    ];
    store.storedTurns = [];
    await Promise.all(ids.map(answer));
    expect(ids.map(statusOf)).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED', 'ACCEPTED']);
    // Accepted and expired, three times, and accepted.
    expect(store.eventsPerTurn.filter((events) => events > 0)).toEqual([7]);
    expectConsistent(store);
  });

  it('has a turn of its own if that can fill it, and another one has not enough room left', async () => {
    const ids = [
      await submit('one', '0.2', { ...FOK, timeInForce: 'IOC' }),
      await submit('two', '0.4', FOK),
      await submit('three', '0.1', limitAt('90')),
    ];
    store.storedTurns = [];
    await Promise.all(ids.map(answer));
    expect(ids.map(statusOf)).toEqual(['FILLED', 'FILLED', 'ACCEPTED']);
    expect(store.eventsPerTurn.filter((events) => events > 0)).toEqual([1 + 4 + 1, 8, 1]);
    expectConsistent(store);
  });
});
