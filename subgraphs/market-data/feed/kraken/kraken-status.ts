import type { InstrumentStatus } from '#shared/domain/instrument.ts';

/**
 * Kraken's words for a state, of one pair or of the exchange. While orders can only rest, nothing is traded at the
 * prices of the book.
 */
const STATUSES: Readonly<Record<string, InstrumentStatus>> = {
  online: 'TRADING',
  limit_only: 'TRADING',
  post_only: 'HALTED',
  cancel_only: 'CANCEL_ONLY',
  reduce_only: 'CANCEL_ONLY',
  maintenance: 'HALTED',
  delisted: 'CLOSED',
};

/** What Kraken permits in a state by this name; nothing in one that we do not know. */
export function krakenStatus(name: string): InstrumentStatus {
  return STATUSES[name] ?? 'HALTED';
}
