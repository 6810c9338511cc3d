import type { Instrument } from '#shared/domain/instrument.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import { bookTrade } from './book-trade.ts';
import type { Turn } from './turn.ts';

/**
 * Books what resting orders trade with a house whose prices have moved through them, as far as the
 * turn has room.
 * @returns whether none is left that they have reached
 */
export function matchMarketMove(
  turn: Turn,
  venue: ExecutionVenue,
  instrument: Instrument,
): boolean {
  const most = turn.room;
  const trades = venue.matchAfterMarketMove(instrument, () => turn.state.nextPriority(), most);
  for (const { orderId, price, quantity, place } of trades) {
    const order = turn.state.liveOrder(orderId);
    bookTrade(turn, {
      instrument,
      price,
      quantity,
      parties: [{ order, liquiditySide: 'MAKER', place }],
    });
  }
  return trades.length < most;
}
