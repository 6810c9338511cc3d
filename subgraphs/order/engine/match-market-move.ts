import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderId } from '#shared/domain/ids.ts';
import { eventWeight } from '../domain/event-weight.ts';
import { bookTrade } from './book-trade.ts';
import type { Turn } from './turn.ts';

/**
 * Books what resting orders trade with a house whose prices have moved through them, as far as the
 * turn has room.
 * @returns whether none is left that they have reached
 */
export function matchMarketMove(turn: Turn, instrument: Instrument): boolean {
  const { room, state } = turn;
  const costOf = (orderId: OrderId | null) =>
    orderId === null ? 0 : eventWeight(state.liveOrder(orderId));
  const trades = turn.venue.matchAfterMarketMove(instrument, () => state.nextPriority(), {
    room,
    costOf,
  });
  const cost = trades.reduce((sum, { orderId }) => sum + costOf(orderId), 0);
  for (const { orderId, price, quantity, place } of trades) {
    const order = state.liveOrder(orderId);
    bookTrade(turn, {
      instrument,
      price,
      quantity,
      parties: [{ order, liquiditySide: 'MAKER', place }],
    });
  }
  return cost < room;
}
