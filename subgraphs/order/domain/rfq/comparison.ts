import type { ComparisonTokenId, RfqId } from '#shared/domain/ids.ts';
import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Money, moneyOfUnits, notional } from '#shared/domain/money.ts';
import { middleOf, type OrderPreview, slippageOf } from '../order-preview.ts';
import type { NewOrder } from '../order-progress.ts';
import type { ComparisonToken } from './comparison-token.ts';
import { quoteSideFor, type RfqQuote } from './rfq-quote.ts';

/** What is compared. */
export interface CompareCommand {
  /** The MARKET order that the book would get. */
  readonly order: NewOrder;
  /** The request that the desk quotes for the same. */
  readonly rfqId: RfqId;
  /** The token's id, where the request has none yet. */
  readonly tokenId: ComparisonTokenId;
}

/** Both ways to execute the same, at one moment. */
export interface Comparison {
  readonly book: OrderPreview;
  /** The newest firm quote of the request with a price for the side; null if there is none. */
  readonly quote: RfqQuote | null;
  /** The request's one token; null if it is closed and never had one. */
  readonly token: ComparisonToken | null;
}

/** The ways to execute. */
export type ExecutionWay = 'BOOK' | 'RFQ';

/** Compares in a turn of the journal, so that both halves are of one moment, and stores the token with it. */
export interface Comparisons {
  /** @throws UnavailableError if it is not known to be stored, TooManyPreviewsError if many of the account wait */
  compare(command: CompareCommand, instrument: Instrument): Promise<Comparison>;
}

/** What the quote's half comes to; null if there is no quote. */
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

/** What an order would pay, or receive, with its fees; null if it would not do the whole quantity. */
function bookTotal({ order, execution }: OrderPreview): Money | null {
  if (execution === null || execution.order.filledQuantity !== order.quantity) return null;
  const { filledNotional, fees } = execution.order;
  return moneyOfUnits(order.side === 'BUY' ? filledNotional + fees : filledNotional - fees);
}

/** What of the quantity the book would do at once, as a count of 10^-18. */
export function filledShare({ order, execution }: OrderPreview): bigint {
  if (execution === null || order.quantity === 0n) return 0n;
  return divideDown(execution.order.filledQuantity * ONE, order.quantity);
}

/** The better way and by how much; null if only one of them does the whole quantity, without a way where they are equal. */
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
