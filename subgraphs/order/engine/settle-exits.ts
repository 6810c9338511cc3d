import type { Instrument } from '#shared/domain/instrument.ts';
import { parseClientOrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Money } from '#shared/domain/money.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { type ExitPlan, NO_LINK } from '../domain/order-link.ts';
import type { NewOrder } from '../domain/order-progress.ts';
import { checkNewOrder } from './check-new-order.ts';
import { submitNewOrder } from './submit-order.ts';
import type { Turn } from './turn.ts';

/**
 * Places the exit of every order that has ended in this turn with something bought: one order for
 * exactly that quantity. A leg that cannot be placed does not take the other with it.
 */
export function settleExits(turn: Turn): void {
  for (const order of turn.endedWithExit()) {
    const { exit } = order.link;
    if (exit === null || order.filledQuantity === 0n) continue;
    turn.suspect(order.id);
    const instrument = turn.instruments.get(order.symbol) ?? null;
    const plan = placeablePlan(turn, order, exit, instrument);
    submitNewOrder(turn, exitOrderOf(turn, order, plan), instrument);
  }
}

/**
 * Places an exit for what is left, in place of one that is denied because some of what it was to sell has left the
 * account: that must not cost the rest its stop. It is another order, because a copy of the larger one's request for
 * its hold can still reach the ledger.
 * @param free what the ledger has free of it; null if unknown
 */
export function placeSmallerExit(
  turn: Turn,
  denied: RecordedOrder,
  free: Money | null,
  instrument: Instrument,
): void {
  const { quantityStep } = instrument;
  const quantity = quantityOfUnits(((free ?? 0n) / quantityStep) * quantityStep);
  if (quantity === 0n || quantity >= denied.quantity) return;
  const { accountId, placedBy, symbol, side, terms, trigger, link, instructions } = denied;
  const same = { accountId, placedBy, symbol, side, terms, trigger, link, instructions };
  submitNewOrder(turn, { ...same, ...newIds(turn), quantity }, instrument);
}

/** The whole plan, or the one leg of it that can be placed; the whole one again if none can. */
function placeablePlan(
  turn: Turn,
  order: RecordedOrder,
  exit: ExitPlan,
  instrument: Instrument | null,
): ExitPlan {
  if (exit.takeProfitPrice === null || exit.stop === null) return exit;
  // Without its stop a position is unprotected: that is the leg to keep.
  const plans = [exit, { ...exit, takeProfitPrice: null }, { ...exit, stop: null }];
  const isPlaceable = (plan: ExitPlan) =>
    checkNewOrder(turn, exitOrderOf(turn, order, plan), instrument).kind === 'passed';
  return plans.find(isPlaceable) ?? exit;
}

function exitOrderOf(turn: Turn, parent: RecordedOrder, { takeProfitPrice, stop }: ExitPlan) {
  const isBracket = takeProfitPrice !== null && stop !== null;
  const limitPrice = takeProfitPrice ?? stop?.limitPrice;
  invariant(limitPrice !== undefined, `the exit of ${parent.id} has no leg`);
  const order: NewOrder = {
    ...newIds(turn),
    accountId: parent.accountId,
    placedBy: parent.placedBy,
    symbol: parent.symbol,
    side: 'SELL',
    quantity: parent.filledQuantity,
    terms: { orderType: 'LIMIT', limitPrice, timeInForce: 'GTC' },
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
    // The client's choice which of its orders gives way: by default that would be the stop.
    instructions: {
      ...NO_INSTRUCTIONS,
      selfTradePrevention: parent.instructions.selfTradePrevention,
    },
  };
  return order;
}

/** The ids of an exit: random, so that no client can have used them before. */
function newIds({ newId }: Turn): Pick<NewOrder, 'id' | 'clientOrderId'> {
  return {
    id: trusted(parseOrderId, newId()),
    clientOrderId: trusted(parseClientOrderId, `exit:${newId()}`),
  };
}
