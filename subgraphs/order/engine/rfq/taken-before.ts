import { ageOf } from '#shared/domain/age.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { worseBps } from '../../domain/rfq/last-look.ts';
import type { PricedQuote, RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import type { RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import type { Rfq, RfqAccept } from '../../domain/rfq/rfq.ts';
import type { TakenDepth } from '../../domain/rfq/taken-depth.ts';
import type { Sender } from '../../domain/rules/sender.ts';
import { FUNDS_WITHIN_MS } from '../../domain/rules/valid-until.ts';
import type { Turn } from '../turn.ts';
import type { RecentTakes } from './recent-takes.ts';
import { SET_BACK_MS } from './set-back.ts';

/** Remembers an accept of this turn, for as long as a last look can ask for it. */
export function noteTake(turn: Turn, rfq: Rfq, accept: RfqAccept, userId: UserId | null): void {
  const { steadyMs } = turn;
  const { book, settings } = turn.rfqs;
  const { quoteLifeMs, requoteMs } = settings;
  const keptMs = requoteMs + quoteLifeMs + SET_BACK_MS + FUNDS_WITHIN_MS;
  book.takes.forget(steadyMs - keptMs);
  book.takes.note(rfq, accept, userId, steadyMs);
  turn.whenStored(() => {
    book.takes.stored(rfq.id);
  });
}

/**
 * What the client of a request has just taken: its next quote is priced beyond that.
 * @param priceAgeMs what was taken since a price of this age was made is counted, too
 */
export function takenBefore(
  { rfqs: { book, settings }, steadyMs }: Turn,
  { id, accountId, symbol }: Rfq,
  priceAgeMs: number,
): TakenDepth {
  const withinMs = Math.max(settings.requoteMs, priceAgeMs);
  const sender = { accountId, userId: book.userOf(id) ?? null };
  return book.takes.by(sender, { symbol, sinceMs: steadyMs - withinMs });
}

/**
 * How much worse the price of an accepted quote is by what its client has taken since the quote was made, in basis points
 * as a count of 10^-18. Both prices are of the present market.
 * @returns null if the pricer has no price beyond that
 */
export function takenSince(
  { rfqs, state, now, steadyMs }: Turn,
  { rfq, accept, quote }: { rfq: Rfq; accept: RfqAccept; quote: RfqQuote },
  instrument: Instrument,
): bigint | null {
  const { id, accountId, symbol } = rfq;
  const { side, quantity } = accept;
  if (quote.basis === null) return 0n;
  const { book, settings } = rfqs;
  const madeMs = book.moments.madeAt(quote, rfq) - settings.requoteMs;
  const sinceMs = Math.min(madeMs, outsideAskedMs(quote, { now, steadyMs }) ?? Infinity);
  const taken = book.takes.before({ id, accountId }, { symbol, sinceMs });
  const of = ({ ask, bid }: TakenDepth) => (side === 'BUY' ? ask : bid);
  // What the quote counts may have been rejected since. Its client has accepted that price, and the books of two moments
  // do not say what another quantity would have cost then.
  if (of(taken) <= of(quote.basis.taken)) return 0n;
  const tier = state.feeTier(accountId, now);
  const priceBeyond = (depth: TakenDepth) =>
    rfqs.pricer.priceBeyond({ side, quantity, tier, taken: of(depth) }, instrument, now);
  const [then, present] = [priceBeyond(quote.basis.taken), priceBeyond(taken)];
  return then === null || present === null ? null : worseBps(side, then, present);
}

/**
 * Whether a sender has taken anything of an instrument since a price of it was made, as far as the desk knows: in the time
 * after which it prices again, and since an outside price was requested.
 */
export function isTakenSince(
  takes: RecentTakes,
  sender: Sender,
  priced: Pick<PricedQuote, 'basis'> & Pick<Rfq, 'symbol'>,
  { requoteMs, ...at }: Pick<Turn, 'now' | 'steadyMs'> & Pick<RfqSettings, 'requoteMs'>,
): boolean {
  const sinceMs = Math.min(at.steadyMs - requoteMs, outsideAskedMs(priced, at) ?? Infinity);
  const { ask, bid } = takes.by(sender, { symbol: priced.symbol, sinceMs });
  return ask > 0n || bid > 0n;
}

/** When an outside price was requested, as `steadyNow` has it: it is as old as that. Null for the desk's own. */
function outsideAskedMs(
  { basis }: Pick<PricedQuote, 'basis'>,
  { now, steadyMs }: Pick<Turn, 'now' | 'steadyMs'>,
): number | null {
  const outside = basis?.outside ?? null;
  return outside === null ? null : steadyMs - ageOf(outside.askedAt, now);
}
