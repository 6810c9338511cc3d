import { parseClientOrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { type ExitPlan, NO_LINK } from '../domain/order-link.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import type { OrderTerms } from '../domain/order.ts';
import type { TriggerSources } from './settle-triggers.ts';
import { submitNewOrder } from './submit-order.ts';
import type { Turn } from './turn.ts';

/**
 * Places the exit of every order that has ended in this turn with something bought: one order for
 * exactly that quantity, by the rules of any new order.
 */
export function settleExits(turn: Turn, { instruments, quotes }: TriggerSources): void {
  for (const order of turn.endedWithExit()) {
    const { exit } = order.link;
    if (exit === null || order.filledQuantity === 0n) continue;
    submitNewOrder(turn, exitOrderOf(turn, order, exit), {
      instrument: instruments.get(order.symbol) ?? null,
      quote: quotes.quote(order.symbol),
    });
  }
}

function exitOrderOf(turn: Turn, parent: RecordedOrder, exit: ExitPlan): NewOrder {
  const { takeProfitPrice, stop } = exit;
  const isBracket = takeProfitPrice !== null && stop !== null;
  const limitPrice = takeProfitPrice ?? stop?.limitPrice;
  if (limitPrice === undefined) throw new Error(`Invariant: the exit of ${parent.id} has no leg`);
  const terms: OrderTerms = { orderType: 'LIMIT', limitPrice, timeInForce: 'GTC' };
  return {
    id: trusted(parseOrderId, turn.newId()),
    accountId: parent.accountId,
    // Made of chance, so that no client can have used it before.
    clientOrderId: trusted(parseClientOrderId, `exit:${turn.newId()}`),
    symbol: parent.symbol,
    side: 'SELL',
    quantity: parent.filledQuantity,
    terms,
    trigger:
      takeProfitPrice !== null || stop === null
        ? null
        : {
            kind: 'STOP',
            source: stop.source,
            triggerPrice: stop.triggerPrice,
            timeInForce: 'GTC',
            trailing: null,
            triggeredAt: null,
          },
    link: {
      ...NO_LINK,
      parentOrderId: parent.id,
      stop: isBracket ? { ...stop, triggeredAt: null } : null,
    },
  };
}
