import {
  type AccountId,
  type ClientOrderId,
  type OrderId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import type { OrderSide, OrderTerms } from '../domain/order.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { resolveAmend } from './resolve-amend.ts';
import { resolveHold } from './resolve-hold.ts';
import { INSTRUMENT, type MemoryJournalStore, type startDesk, SYMBOL } from './test-journal.ts';

/** LIMIT terms, good till canceled. */
export function limitAt(limitPrice: string): OrderTerms {
  return { orderType: 'LIMIT', limitPrice: price(limitPrice), timeInForce: 'GTC' };
}

/** Places orders on a desk without a ledger: every hold is there. */
export function placer(desk: ReturnType<typeof startDesk>, store: MemoryJournalStore) {
  let orders = 0;
  return async (
    account: string,
    side: OrderSide,
    ordered: string,
    terms: OrderTerms,
    more: Partial<
      Pick<NewOrder, 'placedBy' | 'trigger' | 'expireAt' | 'link' | 'instructions'>
    > = {},
  ): Promise<RecordedOrder> => {
    const id = trusted(parseOrderId, `p-${store.orders.size}-${(orders += 1)}`);
    await desk.engine.submit(
      {
        id,
        accountId: account as AccountId,
        clientOrderId: id as string as ClientOrderId,
        symbol: SYMBOL,
        side,
        quantity: quantity(ordered),
        terms,
        ...more,
      },
      INSTRUMENT,
    );
    // Many that are placed at once have their own answers in one turn, and then there are no others to answer.
    if (store.orders.get(id)?.state.status === 'SUBMITTED') await answerHold(desk, id);
    await answerHolds(desk, store);
    const order = store.orders.get(id);
    if (order === undefined) throw new Error(`order ${id} is not stored`);
    return order;
  };
}

/** Answers every hold that is waited for: the money is there. */
export async function answerHolds(
  desk: ReturnType<typeof startDesk>,
  store: MemoryJournalStore,
): Promise<void> {
  for (const { id, state } of store.orders.values())
    if (state.status === 'SUBMITTED') await answerHold(desk, id);
}

function answerHold({ journal }: ReturnType<typeof startDesk>, orderId: OrderId) {
  const outcome = { kind: 'APPLIED', free: null } as const;
  return journal.run((turn) => resolveHold(turn, { orderId, outcome, instrument: INSTRUMENT }));
}

/** Answers every change that waits for a larger hold: the money is there, unless the caller decides otherwise. */
export async function answerAmends(
  { journal, amends }: ReturnType<typeof startDesk>,
  store: MemoryJournalStore,
  outcome: FundsOutcome = { kind: 'APPLIED', free: null },
): Promise<void> {
  for (const { id: orderId, state } of store.orders.values()) {
    if (state.status !== 'PENDING_UPDATE') continue;
    const { changeId } = state.pending;
    const answer = { orderId, changeId, outcome, instrument: INSTRUMENT };
    amends.decided(changeId, await journal.run((turn) => resolveAmend(turn, answer)));
  }
}
