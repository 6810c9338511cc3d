import { describe, expect, it } from 'vitest';
import { type AccountId, type ClientOrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, quantity } from '../domain/test-orders.ts';
import { resolveHold } from './resolve-hold.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const IOC: OrderTerms = { ...limitAt('100'), timeInForce: 'IOC' };
const FOK: OrderTerms = { orderType: 'MARKET', timeInForce: 'FOK' };

/** A desk with somebody who sells, and the state of an order that got an answer after a time. */
async function answeredAfter(terms: OrderTerms, lateMs: number, kind: FundsOutcome['kind']) {
  let now = NOW_MS;
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { now: () => now });
  desk.hear('99', '101');
  await placer(desk, store)('b', 'SELL', '1', limitAt('100'));
  const id = trusted(parseOrderId, 'late');
  const asked = { id, accountId: 'a' as AccountId, clientOrderId: 'late' as ClientOrderId };
  const order = { ...asked, symbol: SYMBOL, side: 'BUY', quantity: quantity('1'), terms } as const;
  await desk.engine.submit(order, INSTRUMENT);
  now += lateMs;
  const answer = { orderId: id, outcome: { kind, free: null }, instrument: INSTRUMENT };
  await desk.journal.run((turn) => resolveHold(turn, answer));
  const isReleased = store.outbox.some(
    (command) => 'releaseHold' in command && command.releaseHold.orderId === id,
  );
  expectConsistent(store);
  return { state: store.orders.get(id)?.state, isReleased };
}

describe('an order that trades at once', () => {
  it.each([
    [IOC, 'UNFILLED_IOC_QUANTITY'],
    [FOK, 'UNFILLED_FOK_ORDER'],
  ])(
    'of %o does not trade if its hold was placed after ten seconds',
    async (terms, expireReason) => {
      expect((await answeredAfter(terms, 9999, 'APPLIED')).state).toMatchObject({
        status: 'FILLED',
      });
      expect(await answeredAfter(terms, 10_000, 'APPLIED')).toMatchObject({
        state: { status: 'EXPIRED', expireReason },
        isReleased: true,
      });
    },
  );
});

describe('an order that rests', () => {
  it('is taken however late its hold is placed', async () => {
    const { state } = await answeredAfter(limitAt('100'), 600_000, 'APPLIED');
    expect(state).toMatchObject({ status: 'FILLED' });
  });
});

describe('an order that had ended before its hold was placed, of which its store knows nothing', () => {
  it('is canceled, and not said to be by its client: nobody knows why it ended', async () => {
    expect(await answeredAfter(limitAt('100'), 0, 'HOLD_VOID')).toMatchObject({
      state: { status: 'CANCELED', cancelReason: 'TECHNICAL' },
    });
  });
});

describe('an order whose account is frozen', () => {
  it('is denied, and its hold released, so that a late repetition of the call places none', async () => {
    expect(await answeredAfter(limitAt('100'), 0, 'ACCOUNT_UNAVAILABLE')).toMatchObject({
      state: { status: 'DENIED', violations: [{ reason: 'ACCOUNT_BLOCKED' }] },
      isReleased: true,
    });
  });
});
