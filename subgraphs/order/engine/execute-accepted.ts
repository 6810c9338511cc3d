import type { Instrument } from '#shared/domain/instrument.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import { cancelOrder, expireOrder } from '../domain/order-progress.ts';
import type { OpenOrder } from '../domain/order.ts';
import { bookTrade } from './book-trade.ts';
import { endOrder } from './end-order.ts';
import type { Turn } from './turn.ts';

/** Brings an order that was taken, or whose trigger was met, to the book, and books what it trades. */
export function executeAccepted(
  turn: Turn,
  venue: ExecutionVenue,
  order: OpenOrder,
  instrument: Instrument,
): void {
  const { state, now } = turn;
  const { trades, residual } = venue.execute(order, instrument, () => state.nextPriority());
  for (const { makerOrderId, price, quantity } of trades) {
    const taker = { order: state.liveOrder(order.id), liquiditySide: 'TAKER' } as const;
    if (makerOrderId === null) {
      bookTrade(turn, { instrument, price, quantity, parties: [taker] });
      continue;
    }
    const maker = { order: state.liveOrder(makerOrderId), liquiditySide: 'MAKER' } as const;
    bookTrade(turn, { instrument, price, quantity, parties: [maker, taker] });
  }
  if (residual.kind === 'expires')
    endOrder(turn, expireOrder(state.liveOrder(order.id), residual.expireReason, now), 'EXPIRED');
  if (residual.kind === 'prevented')
    endOrder(
      turn,
      cancelOrder(state.liveOrder(order.id), 'SELF_TRADE_PREVENTION', now),
      'CANCELED',
    );
}
