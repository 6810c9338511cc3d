import { steadyNow } from '#shared/domain/clock.ts';
import {
  type ComparisonTokenId,
  parseClientOrderId,
  parseInstrumentSymbol,
  parseQuoteId,
  parseRfqId,
} from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import { permittedAccount } from '../account-access.ts';
import type { OrderSide } from '../order.ts';
import { ANSWER_WITHIN_MS } from '../use-cases/place-order.ts';
import { clientOrderIdDenial } from '../rules/validate-order.ts';
import { acceptLevel } from './accept-level.ts';
import { acceptOnce, type AcceptQuoteOutcome, type AcceptQuotePorts } from './accept-once.ts';
import type { AcceptTerms } from './check-accept.ts';
import { refusalOf } from './check-request.ts';
import { levelGoneRefusal } from './price-level.ts';
import type { RfqAccess } from './rfq-access.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';

/** The largest slippage that a client can allow, in basis points. */
export const MAX_SLIPPAGE_BPS = 20;

/** An accept as received; ids are not checked yet. */
export interface AcceptQuote {
  readonly accountId: string;
  /** Null for a level, which has no request yet. */
  readonly rfqId: string | null;
  readonly quoteId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly clientOrderId: string;
  readonly maxSlippageBps: number;
  readonly comparisonToken: ComparisonTokenId | null;
}

/**
 * Accepts a quote or a level once: a repeated accept gets the result of the first. It always answers in time; an accept
 * whose outcome is still open then continues without the caller.
 * @throws UnavailableError if nothing was done, because a part of the system does not respond
 */
export async function acceptQuote(
  ports: AcceptQuotePorts,
  access: RfqAccess,
  command: AcceptQuote,
): Promise<AcceptQuoteOutcome> {
  const arrivedAt = ports.clock.now();
  const accountId = permittedAccount(command.accountId, access.mayRequestQuotes);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const sender = { userId: access.userId, accountId };
  const tooMany = ports.messageRate.take(sender, steadyNow(ports.clock));
  if (tooMany !== null) return { kind: 'refused', rfq: null, refusal: refusalOf(tooMany) };
  const rfqId = command.rfqId === null ? null : parseRfqId(command.rfqId);
  if (rfqId === null && command.rfqId !== null) return { kind: 'rfqNotFound' };
  const terms = termsOf(command);
  if ('kind' in terms) return terms;
  const { comparisonToken } = command;
  const accept = { ...sender, terms, arrivedAt, comparisonToken };
  const work = ports.twins.run(`${accountId}/${terms.clientOrderId}`, () =>
    rfqId === null ? acceptLevel(ports, accept) : acceptOnce(ports, { ...accept, rfqId }),
  );
  const outcome = await ports.within(ANSWER_WITHIN_MS, work);
  const { clientOrderId } = terms;
  return outcome === 'late' ? { kind: 'unknown', accountId, clientOrderId } : outcome;
}

function termsOf(command: AcceptQuote): AcceptTerms | AcceptQuoteOutcome {
  const { side, quantity, price, maxSlippageBps } = command;
  const refused = (refusal: RfqRefusal) => ({ kind: 'refused', rfq: null, refusal }) as const;
  const malformed = clientOrderIdDenial(command.clientOrderId);
  const clientOrderId = parseClientOrderId(command.clientOrderId);
  if (malformed !== null || clientOrderId === null)
    return refused(
      rfqRefusal('INVALID_CLIENT_ORDER_ID', malformed?.message ?? '', { rule: 'clientOrderId' }),
    );
  if (!Number.isInteger(maxSlippageBps) || maxSlippageBps < 0 || maxSlippageBps > MAX_SLIPPAGE_BPS)
    return refused(
      rfqRefusal('INVALID_SLIPPAGE', `maxSlippageBps must be from 0 to ${MAX_SLIPPAGE_BPS}.`, {
        rule: 'maxSlippageBps',
        limit: `${MAX_SLIPPAGE_BPS}`,
        actual: `${maxSlippageBps}`,
      }),
    );
  const quoteId = parseQuoteId(command.quoteId);
  if (quoteId === null)
    return refused(
      command.rfqId === null
        ? levelGoneRefusal()
        : rfqRefusal('QUOTE_NOT_FOUND', 'The request never had such a quote.'),
    );
  const symbol = parseInstrumentSymbol(command.symbol);
  if (symbol === null)
    return refused(
      rfqRefusal('INSTRUMENT_MISMATCH', 'The quote is for another instrument.', {
        rule: 'symbol',
        actual: command.symbol,
      }),
    );
  return { quoteId, symbol, side, quantity, price, clientOrderId, maxSlippageBps };
}
