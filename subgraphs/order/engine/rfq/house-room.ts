import type { Instrument } from '#shared/domain/instrument.ts';
import { oppositeOf } from '../../domain/order.ts';
import type { AcceptTerms } from '../../domain/rfq/check-accept.ts';
import { type RfqRefusal, rfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import type { Turn } from '../turn.ts';

/** RISK_LIMIT_EXCEEDED, if the house cannot take the other side of a client's trade; null otherwise. */
export function roomRefusal(
  { rfqs: { book, pricer }, now }: Turn,
  { side, quantity, price }: Pick<AcceptTerms, 'side' | 'quantity' | 'price'>,
  instrument: Instrument,
): RfqRefusal | null {
  const mid = pricer.midPrice(instrument, now) ?? price;
  const houseSide = oppositeOf(side);
  const room = pricer.room(houseSide, instrument, mid);
  if (room === null) return null;
  // Pending trades on the other side may still fail, so they make no room.
  const left = room - book.pendingQuantity(instrument.symbol, side);
  if (quantity <= left) return null;
  // How much is left would tell a client the desk's inventory.
  const message = `The desk cannot ${houseSide === 'BUY' ? 'buy' : 'sell'} so much now.`;
  return rfqRefusal('RISK_LIMIT_EXCEEDED', message, { rule: 'inventoryLimit' });
}
