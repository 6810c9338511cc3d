import type { Instrument } from '#shared/domain/instrument.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { isArriving, isOpen, isWaiting, type OpenOrder } from '../domain/order.ts';
import type { JournalState } from './journal-state.ts';

/**
 * The orders that rest in their books, each with its instrument; one whose instrument is gone is
 * omitted, and logged.
 */
export function restingOrders(
  state: JournalState,
  instruments: Pick<Instruments, 'get'>,
  logger: Logger,
): readonly { readonly order: OpenOrder & RecordedOrder; readonly instrument: Instrument }[] {
  return [...state.orders()].flatMap((order) => {
    if (!isOpen(order) || isWaiting(order) || isArriving(order)) return [];
    const instrument = instruments.get(order.symbol);
    if (instrument !== undefined) return [{ order, instrument }];
    logger.error(
      { orderId: order.id, symbol: order.symbol },
      'the instrument of an open order is missing',
    );
    return [];
  });
}
