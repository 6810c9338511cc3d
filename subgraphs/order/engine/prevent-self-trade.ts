import type { OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { VenuePrevention } from '../domain/ports/execution-venue.ts';
import { cancelOrder } from '../domain/order-progress.ts';
import { type BookPlace, isOpen, unfilledQuantity } from '../domain/order.ts';
import { type PreventedMatch, preventQuantity } from '../domain/prevented-match.ts';
import { endOrder } from './end-order.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/**
 * Records that two orders of one account, or of one user, met and did not trade: the holds of what each lost are
 * released, and one that has lost everything ends.
 */
export function preventSelfTrade(
  turn: Turn,
  takerOrderId: OrderId,
  { makerOrderId, mode, price, takerQuantity, makerQuantity, makerPlace }: VenuePrevention,
  instrument: Instrument,
): void {
  const { accountId, symbol } = turn.state.liveOrder(takerOrderId);
  const match: PreventedMatch = {
    id: turn.newId(),
    accountId,
    symbol,
    takerOrderId,
    makerOrderId,
    mode,
    price,
    takerQuantity,
    makerQuantity,
    at: turn.at,
  };
  turn.suspect(takerOrderId, makerOrderId);
  turn.addPreventedMatch(match);
  lose(turn, takerOrderId, takerQuantity, null, match, instrument);
  lose(turn, makerOrderId, makerQuantity, makerPlace, match, instrument);
}

function lose(
  turn: Turn,
  orderId: OrderId,
  quantity: Quantity,
  place: BookPlace | null,
  match: PreventedMatch,
  instrument: Instrument,
): void {
  if (quantity === 0n) return;
  const order = turn.state.liveOrder(orderId);
  invariant(isOpen(order), `order ${orderId} met one of its own and is not open`);
  const less = preventQuantity(order, { price: match.price, quantity }, place, turn.at);
  // One that ends is released completely, by its end.
  if (unfilledQuantity(less) > 0n) {
    turn.updateByPrevention(trimHold(turn, less, instrument), match);
    return;
  }
  const last = turn.updateByPrevention(less, match);
  endOrder(turn, cancelOrder(last, 'SELF_TRADE_PREVENTION', turn.at), 'CANCELED');
}
