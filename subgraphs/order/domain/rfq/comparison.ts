import type { ComparisonTokenId, RfqId } from '#shared/domain/ids.ts';
import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Money, moneyOfUnits, notional } from '#shared/domain/money.ts';
import { middleOf, type OrderPreview, slippageOf } from '../order-preview.ts';
import type { NewOrder } from '../order-progress.ts';
import type { ComparisonToken } from './comparison-token.ts';
import { quoteSideFor, type RfqQuote } from './rfq-quote.ts';

/** The trade to compare. */
export interface CompareCommand {
  /** The MARKET order that the book would get. */
  readonly order: NewOrder;
  /** The request for quote for the same trade. */
  readonly rfqId: RfqId;
  /** The id for a new token, used if the request has none yet. */
  readonly tokenId: ComparisonTokenId;
}

/** Both ways to execute the same trade, at one moment. */
export interface Comparison {
  readonly book: OrderPreview;
  /** The newest firm quote of the request with a price for the side; null if there is none. */
  readonly quote: RfqQuote | null;
  /** The request's one token; null if it is closed and never had one. */
  readonly token: ComparisonToken | null;
}

/** The ways to execute. */
export type ExecutionWay = 'BOOK' | 'RFQ';

/**
 * Compares in one turn of the journal, so that both halves are from the same moment, and stores the token in that turn.
 */
export interface Comparisons {
  /**
   * @throws UnavailableError if the token may not be stored, TooManyPreviewsError if too many of the user's previews
   * are waiting
   */
  compare(command: CompareCommand, instrument: Instrument): Promise<Comparison>;
}

/** The quote's side, total and slippage; null if there is no quote. */
export function quoteHalf({ book, quote }: Comparison) {
  const side = quote === null ? null : quoteSideFor(book.order.side, quote);
  if (quote === null || side === null) return null;
  const middle = middleOf(book.quote);
  return {
    quote,
    ...side,
    total: notional(side.price, side.quantity),
    slippageBps: middle === null ? null : slippageOf(book.order.side, side.price, middle),
  };
}

/** What the order would pay or receive on the book, including fees; null if it would not fill completely. */
function bookTotal({ order, execution }: OrderPreview): Money | null {
  if (execution === null || execution.order.filledQuantity !== order.quantity) return null;
  const { filledNotional, fees } = execution.order;
  return moneyOfUnits(order.side === 'BUY' ? filledNotional + fees : filledNotional - fees);
}

/** The share of the quantity that the book would fill immediately, as a count of 10^-18. */
export function filledShare({ order, execution }: OrderPreview): bigint {
  if (execution === null || order.quantity === 0n) return 0n;
  return divideDown(execution.order.filledQuantity * ONE, order.quantity);
}

/**
 * The better way and its savings; null unless both ways fill the whole quantity. `way` is null if both cost the same.
 */
export function betterWay(
  comparison: Comparison,
): { readonly way: ExecutionWay | null; readonly savings: Money } | null {
  const { side } = comparison.book.order;
  const [book, quote] = [bookTotal(comparison.book), quoteHalf(comparison)?.total ?? null];
  if (book === null || quote === null) return null;
  const forRfq = side === 'BUY' ? book - quote : quote - book;
  if (forRfq === 0n) return { way: null, savings: moneyOfUnits(0n) };
  return forRfq > 0n
    ? { way: 'RFQ', savings: moneyOfUnits(forRfq) }
    : { way: 'BOOK', savings: moneyOfUnits(-forRfq) };
}
