import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import { arrive, settleIn } from '../domain/arriving-order.ts';
import { eventWeight } from '../domain/event-weight.ts';
import type { Execution, VenueTrade } from '../domain/ports/execution-venue.ts';
import type { MatchLimit } from '../domain/book/match-limit.ts';
import { expireOrder, rejectOrder, repriceOrder } from '../domain/order-progress.ts';
import { isArriving, isOpen, type OpenOrder } from '../domain/order.ts';
import { withExecutedQuantity } from '../domain/quote-quantity.ts';
import { bookTrade } from './book-trade.ts';
import { endOrder } from './end-order.ts';
import { preventSelfTrade } from './prevent-self-trade.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/**
 * Brings an order that was accepted or triggered to the book, and books what it trades. What the
 * turn has no room for continues in the next ones, see {@link continueArrival}.
 */
export function executeAccepted(turn: Turn, order: OpenOrder, instrument: Instrument): void {
  if (turn.isFull) return turn.replace(arrive(order));
  executeSome(turn, order, instrument, turn.room);
}

/**
 * Continues with the order that takes more than a turn can store, at the market of this moment.
 * Nothing else has had access to the books meanwhile. A fill-or-kill order has done nothing yet:
 * all of it is done in a turn of its own, or it is killed.
 * @returns whether no order is on its way any more
 */
export function continueArrival(turn: Turn): boolean {
  const { arriving } = turn.state;
  if (arriving === undefined) return true;
  if (turn.isFull) return false;
  turn.suspect(arriving.id);
  const order = openOrder(turn, arriving.id);
  const instrument = turn.instruments.get(order.symbol);
  invariant(instrument !== undefined, `the instrument of order ${order.id} is gone`);
  if (order.terms.timeInForce === 'FOK') return fillOrKill(turn, order, instrument);
  executeSome(turn, order, instrument, turn.room);
  return turn.state.arriving === undefined;
}

function fillOrKill(turn: Turn, order: OpenOrder, instrument: Instrument): boolean {
  if (!turn.isEmpty) return false;
  executeSome(turn, order, instrument, turn.mostUnparted);
  // Any of its trades may be at fault, and ending the order is enough.
  turn.suspect(order.id);
  return true;
}

/**
 * A trade or a prevented self-trade records an event of each of the two orders; with the house,
 * one that counts twice.
 */
function limitOf({ state }: Turn, taker: OpenOrder, room: number): MatchLimit {
  const weight = eventWeight(taker);
  const costOf = (makerId: OrderId | null) =>
    weight + (makerId === null ? weight : eventWeight(state.liveOrder(makerId)));
  return { room, costOf };
}

/** Executes as much as fits. @param room the number of events that fit */
function executeSome(turn: Turn, order: OpenOrder, instrument: Instrument, room: number): void {
  const limit = limitOf(turn, order, room);
  const execution = turn.venue.execute(order, instrument, () => turn.state.nextPriority(), limit);
  const taker = withExecutedQuantity(order, execution);
  if (taker !== order) turn.replace(taker);
  for (const step of execution.steps) {
    if (step.kind === 'trade') bookVenueTrade(turn, order.id, step, instrument);
    else preventSelfTrade(turn, order.id, step, instrument);
  }
  if (execution.residual.kind === 'goesOn' && isHopeless(turn, taker, instrument)) {
    const killed = expireOrder(openOrder(turn, order.id), 'UNFILLED_FOK_ORDER', turn.at);
    return void endOrder(turn, killed, 'EXPIRED');
  }
  settleResidual(turn, order.id, execution.residual, instrument);
}

/**
 * Whether a fill-or-kill order could not be filled in a turn of its own either. It has done nothing and ends at once:
 * otherwise each such message would take a whole turn without costing its client anything.
 */
function isHopeless(turn: Turn, order: OpenOrder, instrument: Instrument): boolean {
  if (order.terms.timeInForce !== 'FOK') return false;
  const limit = limitOf(turn, order, turn.mostUnparted);
  return turn.venue.preview(order, instrument, limit).residual.kind !== 'none';
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
    case 'goesOn':
      return turn.replace(arrive(openOrder(turn, orderId)));
    case 'rests':
      return rest(turn, openOrder(turn, orderId), residual, instrument);
    case 'expires': {
      const order = turn.state.liveOrder(orderId);
      // It may have traded in an earlier turn.
      const isUnfilled =
        residual.expireReason !== 'INSUFFICIENT_LIQUIDITY' || order.filledQuantity === 0n;
      const expireReason = isUnfilled ? residual.expireReason : 'UNFILLED_IOC_QUANTITY';
      const expired = expireOrder(order, expireReason, turn.at);
      return void endOrder(turn, expired, 'EXPIRED');
    }
    case 'rejected': {
      const { touchPrice } = residual;
      const order = openOrder(turn, orderId);
      const rejected = rejectOrder(order, 'POST_ONLY_WOULD_TAKE', turn.at, touchPrice);
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
  const placed = settleIn(order, place);
  if (price === order.hold.worstPrice) {
    if (place.shownQuantity !== null || isArriving(order)) turn.replace(placed);
    return;
  }
  turn.update(trimHold(turn, repriceOrder(placed, price, turn.at), instrument), 'AMENDED');
}

function openOrder(turn: Turn, orderId: OrderId): OpenOrder {
  const order = turn.state.liveOrder(orderId);
  invariant(isOpen(order), `order ${orderId} is in the book and not open`);
  return order;
}
