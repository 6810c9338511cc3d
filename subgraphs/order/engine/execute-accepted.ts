import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import type { Execution, ExecutionVenue, VenueTrade } from '../domain/execution-venue.ts';
import { expireOrder, rejectOrder, repriceOrder } from '../domain/order-progress.ts';
import { isOpen, type OpenOrder } from '../domain/order.ts';
import { withExecutedQuantity } from '../domain/quote-quantity.ts';
import { bookTrade } from './book-trade.ts';
import { endOrder } from './end-order.ts';
import { preventSelfTrade } from './prevent-self-trade.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/** Brings an order that was taken, or whose trigger was met, to the book, and books what it trades. */
export function executeAccepted(
  turn: Turn,
  venue: ExecutionVenue,
  order: OpenOrder,
  instrument: Instrument,
): void {
  const execution = venue.execute(order, instrument, () => turn.state.nextPriority());
  const taker = withExecutedQuantity(order, execution);
  if (taker !== order) turn.replace(taker);
  for (const step of execution.steps) {
    if (step.kind === 'trade') bookVenueTrade(turn, order.id, step, instrument);
    else preventSelfTrade(turn, order.id, step, instrument);
  }
  settleResidual(turn, order.id, execution.residual, instrument);
}

function bookVenueTrade(
  turn: Turn,
  takerId: OrderId,
  { makerOrderId, price, quantity, makerPlace }: VenueTrade,
  instrument: Instrument,
): void {
  const { state } = turn;
  const taker = { order: state.liveOrder(takerId), liquiditySide: 'TAKER' } as const;
  if (makerOrderId === null)
    return void bookTrade(turn, { instrument, price, quantity, parties: [taker] });
  const order = state.liveOrder(makerOrderId);
  const maker = { order, liquiditySide: 'MAKER', place: makerPlace } as const;
  bookTrade(turn, { instrument, price, quantity, parties: [maker, taker] });
}

function settleResidual(
  turn: Turn,
  orderId: OrderId,
  residual: Execution['residual'],
  instrument: Instrument,
): void {
  switch (residual.kind) {
    // The last fill, or the prevention that took the rest, has ended it.
    case 'none':
    case 'prevented':
      return;
    case 'rests':
      return rest(turn, openOrder(turn, orderId), residual, instrument);
    case 'expires': {
      const { expireReason } = residual;
      const expired = expireOrder(turn.state.liveOrder(orderId), expireReason, turn.now);
      return void endOrder(turn, expired, 'EXPIRED');
    }
    case 'rejected': {
      const rejected = rejectOrder(openOrder(turn, orderId), 'POST_ONLY_WOULD_TAKE', turn.now);
      return void endOrder(turn, rejected, 'REJECTED');
    }
  }
}

function rest(
  turn: Turn,
  order: OpenOrder,
  { price, place }: Extract<Execution['residual'], { kind: 'rests' }>,
  instrument: Instrument,
): void {
  const placed = { ...order, state: { ...order.state, ...place } };
  if (price === order.hold.worstPrice) {
    if (place.shownQuantity !== null) turn.replace(placed);
    return;
  }
  turn.update(trimHold(turn, repriceOrder(placed, price, turn.now), instrument), 'AMENDED');
}

function openOrder(turn: Turn, orderId: OrderId): OpenOrder {
  const order = turn.state.liveOrder(orderId);
  invariant(isOpen(order), `order ${orderId} is in the book and not open`);
  return order;
}
