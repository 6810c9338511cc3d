import type { Instrument } from '#shared/domain/instrument.ts';
import { tradingStateAllows } from '../../domain/rules/account-rules.ts';
import { holdFor } from '../../domain/hold-amount.ts';
import { NO_LINK } from '../../domain/order-link.ts';
import { type NewOrder, submitOrder } from '../../domain/order-progress.ts';
import { acceptRefusal, type AcceptTerms, isSameAccept } from '../../domain/rfq/check-accept.ts';
import { haltedRefusal, notTrading, refusalOf } from '../../domain/rfq/check-request.ts';
import { tokenDenial, tokenFault } from '../../domain/rfq/comparison-token.ts';
import { creditRefusal, unsettledAccept } from '../../domain/rfq/credit.ts';
import { worstAccepted } from '../../domain/rfq/last-look.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import type { AcceptCommand } from '../../domain/rfq/rfq-journal.ts';
import type { RfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import { acceptOf, type Rfq } from '../../domain/rfq/rfq.ts';
import { reducibleQuantity } from '../reducible-quantity.ts';
import type { Turn } from '../turn.ts';
import { roomRefusal } from './house-room.ts';
import { noteTake } from './taken-before.ts';

/** A quote's price includes everything: the desk earns the spread, not a fee. */
const NO_FEES = { makerFeeRate: 0n, takerFeeRate: 0n };

/** The outcome of an accept in a turn. */
export type MadeAccept =
  | { readonly kind: 'pending'; readonly rfq: Rfq; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly rfq: Rfq | null; readonly refusal: RfqRefusal }
  | { readonly kind: 'closed' };

/**
 * Checks an accept and records it: the request becomes ACCEPT_PENDING, which excludes every other accept, and its order
 * becomes SUBMITTED, which requests its hold.
 */
export function acceptQuote(
  turn: Turn,
  command: AcceptCommand,
  instrument: Instrument,
): MadeAccept {
  const { rfqs } = turn;
  const { terms } = command;
  const rfq = rfqs.book.rfq(command.rfqId);
  if (rfq === undefined || rfq.state.status === 'FILLED') return { kind: 'closed' };
  if (acceptOf(rfq) !== null && isSameAccept(terms, rfq))
    return { kind: 'pending', rfq, replayed: true };
  const quote = rfqs.book.quote(rfq.id, terms.quoteId);
  const refusal =
    acceptRefusal(terms, rfq, quote, command.arrivedAt, instrument) ??
    deskRefusal(turn, rfq, command, instrument);
  if (refusal !== null) return { kind: 'refused', rfq, refusal };
  return { kind: 'pending', rfq: recordAccept(turn, rfq, command, instrument), replayed: false };
}

/** The fields of an accept's request that the checks need. */
type Accepted = Pick<Rfq, 'id' | 'accountId' | 'symbol'>;

/** Why the desk refuses an accept whose terms match its quote; null if it does not. */
export function deskRefusal(
  turn: Turn,
  rfq: Accepted,
  command: AcceptCommand,
  instrument: Instrument,
): RfqRefusal | null {
  return (
    stateRefusal(turn, rfq, command, instrument) ??
    limitRefusal(turn, rfq, command.terms, instrument) ??
    tokenRefusal(turn, rfq, command)
  );
}

/** Records an accept that passed the checks: its request becomes ACCEPT_PENDING, and its order SUBMITTED. */
export function recordAccept(
  turn: Turn,
  rfq: Rfq,
  { userId, terms, orderId, arrivedAt, comparisonToken }: AcceptCommand,
  instrument: Instrument,
): Rfq {
  const { symbol: _same, ...accepted } = terms;
  const accept = { ...accepted, orderId, acceptedAt: arrivedAt };
  rfqTransition(rfq.state.status, 'ACCEPT');
  const worstPrice = worstAccepted(terms, instrument);
  const order: NewOrder = {
    id: orderId,
    accountId: rfq.accountId,
    clientOrderId: terms.clientOrderId,
    symbol: rfq.symbol,
    side: terms.side,
    terms: { orderType: 'LIMIT', limitPrice: worstPrice, timeInForce: 'FOK' },
    quantity: terms.quantity,
    link: { ...NO_LINK, rfqId: rfq.id, comparisonToken },
  };
  const rules = { ...instrument, ...NO_FEES };
  const hold = holdFor(terms.side, worstPrice, terms.quantity, rules);
  noteTake(turn, rfq, accept, userId);
  turn.rfqs.useComparison(order);
  turn.insert(submitOrder(order, hold, turn.at), 'SUBMITTED');
  return turn.rfqs.change(
    { ...rfq, state: { status: 'ACCEPT_PENDING', accept } },
    'ACCEPT_PENDING',
  );
}

function stateRefusal(
  { state }: Turn,
  { accountId, symbol }: Accepted,
  { orderId, terms: { side, quantity, price, clientOrderId } }: AcceptCommand,
  instrument: Instrument,
): RfqRefusal | null {
  if (instrument.status !== 'TRADING') return notTrading(instrument);
  const tradingState = state.safety.tradingState(accountId);
  if (tradingState === 'ACTIVE') return null;
  if (tradingState === 'HALTED') return haltedRefusal();
  const request = {
    clientOrderId,
    symbol,
    side,
    quantity,
    terms: { orderType: 'LIMIT', limitPrice: price, timeInForce: 'FOK' },
  } as const;
  const reducible = reducibleQuantity(state, { id: orderId, accountId, symbol });
  const account = { tradingState, reducibleQuantity: reducible };
  const denied = tradingStateAllows(request, { account, instrument });
  return denied === null ? null : refusalOf(denied);
}

/** COMPARISON_TOKEN_INVALID; null if the token can be used, or if there is none. */
function tokenRefusal(
  { rfqs }: Turn,
  { id: rfqId, accountId, symbol }: Accepted,
  { terms, arrivedAt, comparisonToken }: AcceptCommand,
): RfqRefusal | null {
  if (comparisonToken === null) return null;
  const { side, quantity } = terms;
  const use = { accountId, symbol, side, quantity, rfqId };
  const fault = tokenFault(rfqs.book.comparisons.token(comparisonToken), use, arrivedAt);
  return fault === null ? null : refusalOf(tokenDenial(fault));
}

function limitRefusal(
  turn: Turn,
  { accountId }: Accepted,
  terms: AcceptTerms,
  instrument: Instrument,
): RfqRefusal | null {
  const { book, settings } = turn.rfqs;
  const trade = unsettledAccept(terms);
  const { quote, quoteScale } = instrument;
  const overdrawn =
    creditRefusal(
      'client',
      settings.credit.client,
      book.unsettled(accountId, quote),
      trade,
      quoteScale,
    ) ??
    creditRefusal('desk', settings.credit.desk, book.unsettled(null, quote), trade, quoteScale);
  return overdrawn ?? roomRefusal(turn, terms, instrument);
}
