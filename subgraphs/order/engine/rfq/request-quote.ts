import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { requestRefusal } from '../../domain/rfq/check-request.ts';
import type { RequestedQuote } from '../../domain/rfq/rfq-journal.ts';
import type { NewRfq } from '../../domain/rfq/rfq.ts';
import type { Turn } from '../turn.ts';
import { quoteRfq } from './quote-rfqs.ts';

/** Records a request and quotes it in the same turn, so that the first price needs no second commit. */
export function requestQuote(
  turn: Turn,
  asked: NewRfq,
  instrument: Instrument | null,
  userId: UserId | null,
): RequestedQuote {
  const { rfqs, state, now } = turn;
  const { book, settings } = rfqs;
  const refusal = requestRefusal(asked, {
    instrument,
    tradingState: state.safety.tradingState(asked.accountId),
    midPrice: instrument === null ? null : rfqs.pricer.midPrice(instrument, now),
    openRfqs: book.liveCount(asked.accountId),
    maxOpenRfqs: settings.maxOpenRfqs,
    userOpenRfqs: userId === null ? 0 : book.userLiveCount(userId),
    maxUserOpenRfqs: settings.maxUserOpenRfqs,
  });
  if (refusal !== null) return { kind: 'denied', refusal };
  if (userId !== null) book.keepUser(asked.id, userId);
  const rfq = quoteRfq(turn, rfqs.request(asked), instrument ?? undefined);
  return { kind: 'requested', rfq, quote: book.quotes(rfq.id).at(-1) ?? null };
}
