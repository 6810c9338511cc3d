import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type {
  AcceptQuoteInput,
  CompareExecutionInput,
  QuoteRfqInput,
  RequestQuoteInput,
} from '../__generated__/graphql.ts';
import type { AcceptQuote } from '../domain/rfq/accept-quote.ts';
import type { CompareExecution } from '../domain/rfq/compare-execution.ts';
import type { RequestQuote } from '../domain/rfq/request-quote.ts';
import type { RfqSize } from '../domain/rfq/rfq.ts';
import { notExactlyOne } from './exactly-one.ts';
import { parseComparisonToken } from './parse-comparison-token.ts';
import { unitsOf } from './units-of.ts';

/** Levels of one stream, at most. */
const MAX_LEVELS = 10;

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one size above zero */
export function parseRequestQuote({ side, size, ...ids }: RequestQuoteInput): RequestQuote {
  return { ...ids, side: side ?? null, size: sizeOf(size) };
}

/** The command of an input. */
export function parseCompareExecution({
  quantity,
  ...input
}: CompareExecutionInput): CompareExecution {
  return { ...input, quantity: quantityOfUnits(unitsOf(quantity)) };
}

/**
 * The command of an input.
 * @throws DomainError BAD_USER_INPUT for what can be no token
 */
export function parseAcceptQuote({ quantity, price, ...input }: AcceptQuoteInput): AcceptQuote {
  return {
    ...input,
    rfqId: input.rfqId ?? null,
    maxSlippageBps: input.maxSlippageBps ?? 0,
    comparisonToken: parseComparisonToken(input.comparisonToken),
    quantity: quantityOfUnits(unitsOf(quantity)),
    price: priceOfUnits(unitsOf(price)),
  };
}

/** The prices of an input. */
export function parseHandQuote({ rfqId, bidPrice, askPrice }: QuoteRfqInput) {
  const priceOf = (decimal: string | null | undefined) =>
    decimal == null ? null : priceOfUnits(unitsOf(decimal));
  return { rfqId, bidPrice: priceOf(bidPrice), askPrice: priceOf(askPrice) };
}

/** The sizes of levels. @throws DomainError BAD_USER_INPUT unless they are 1 to 10, each once */
export function parseLevelSizes(quantities: readonly string[]): readonly Quantity[] {
  const sizes = [...new Set(quantities.map(unitsOf))].map(quantityOfUnits);
  if (sizes.length > 0 && sizes.length <= MAX_LEVELS && sizes.length === quantities.length)
    return sizes;
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    `Argument "quantities" must have 1 to ${MAX_LEVELS} distinct quantities.`,
  );
}

/** The id of a user; null for any other viewer. */
export function traderIdOf(viewer: Viewer) {
  return viewer.kind === 'trader' ? viewer.userId : null;
}

function sizeOf({ quantity, quoteQuantity }: RequestQuoteInput['size']): RfqSize {
  if (quantity != null && quoteQuantity == null)
    return { quantity: quantityOfUnits(unitsOf(quantity)), quoteQuantity: null };
  if (quoteQuantity != null && quantity == null)
    return { quantity: null, quoteQuantity: moneyOfUnits(unitsOf(quoteQuantity)) };
  throw notExactlyOne('size');
}
