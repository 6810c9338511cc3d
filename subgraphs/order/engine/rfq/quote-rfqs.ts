import { parseQuoteId, trusted } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { sizeRefusal } from '../../domain/rfq/check-request.ts';
import { isOfSameMarket, isSameQuote } from '../../domain/rfq/rfq-quote.ts';
import type { RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import type { Rfq } from '../../domain/rfq/rfq.ts';
import type { Turn } from '../turn.ts';
import type { RfqBook } from './rfq-book.ts';
import { takenBefore } from './taken-before.ts';

/**
 * Prices again the requests that are due, and quotes those whose price or market has changed or whose quote expires soon.
 * It prices as many as the turn has room for, those that have waited longest first; the others stay due.
 */
export function quoteRfqs(turn: Turn): void {
  const { book, settings } = turn.rfqs;
  const byWait = (left: Rfq, right: Rfq) =>
    book.moments.pricedAt(left.id) - book.moments.pricedAt(right.id);
  const due = book.live().filter((rfq) => isQuoteDue(book, settings, rfq, turn));
  for (const rfq of due.toSorted(byWait)) {
    if (turn.isFull) return;
    turn.suspectRfq(rfq.id);
    quoteRfq(turn, rfq, turn.instruments.get(rfq.symbol));
  }
  // One that was looked at without a record has nothing to do with what follows.
  if (!turn.isFull) turn.suspect();
}

/** Whether {@link quoteRfqs} would look at any request; cheap enough to call constantly. */
export function isAnyQuoteDue(
  book: RfqBook,
  settings: RfqSettings,
  at: Pick<Turn, 'now' | 'steadyMs'>,
): boolean {
  return book.live().some((rfq) => isQuoteDue(book, settings, rfq, at));
}

/**
 * Quotes one request if its price or the market has changed or its quote is getting old; withdraws its firm quotes if there
 * is no longer a price. @returns the request afterwards
 */
export function quoteRfq(turn: Turn, rfq: Rfq, instrument: Instrument | undefined): Rfq {
  const { rfqs, state, now } = turn;
  rfqs.book.moments.priced(rfq.id, turn.steadyMs);
  const mayQuote =
    instrument?.status === 'TRADING' && state.safety.tradingState(rfq.accountId) !== 'HALTED';
  const { side, size, accountId } = rfq;
  const takenSince = (priceAgeMs: number) => takenBefore(turn, rfq, priceAgeMs);
  const ask = { side, size, tier: state.feeTier(accountId, now), takenSince };
  const priced =
    mayQuote && isSizeKnown(turn, rfq, instrument) ? rfqs.pricer.price(ask, instrument, now) : null;
  if (priced === null) return rfq.state.status === 'QUOTED' ? rfqs.stopQuoting(rfq) : rfq;
  const last = rfqs.book.quotes(rfq.id).at(-1);
  const isFresh =
    rfq.state.status === 'QUOTED' &&
    last !== undefined &&
    now - last.createdAt < rfqs.settings.refreshMs &&
    isSameQuote(last, priced) &&
    isOfSameMarket(last, priced);
  if (isFresh) return rfq;
  const id = trusted(parseQuoteId, turn.newId());
  return rfqs.quote(rfq, priced, { id, source: 'MACHINE' }).rfq;
}

/**
 * Whether the size of a request is known to be valid. If there was no market when it arrived, it is valued here, before
 * its first quote.
 */
function isSizeKnown({ rfqs, now }: Turn, rfq: Rfq, instrument: Instrument): boolean {
  if (rfq.firstQuotedAt !== null) return true;
  const midPrice = rfqs.pricer.midPrice(instrument, now);
  return midPrice !== null && sizeRefusal(rfq, instrument, midPrice) === null;
}

function isQuoteDue(
  book: RfqBook,
  { requoteMs }: RfqSettings,
  rfq: Rfq,
  { now, steadyMs }: Pick<Turn, 'now' | 'steadyMs'>,
): boolean {
  if (rfq.traderId !== null || rfq.expiresAt <= now) return false;
  return steadyMs - book.moments.pricedAt(rfq.id) >= requoteMs;
}
