import { formatUnits } from '#shared/domain/decimal.ts';
import type { QuoteId, RfqId } from '#shared/domain/ids.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type {
  QuoteBasis,
  QuoteSide,
  QuoteSource,
  RfqQuote,
  WalkedBook,
} from '../domain/rfq/rfq-quote.ts';
import { NOTHING_TAKEN } from '../domain/rfq/taken-depth.ts';
import { timeOf, timeText, type TimeValue } from './order-row.ts';
import { unitsOf } from './stored-decimal.ts';

interface BasisJson {
  readonly bookSequence: string;
  /** Omitted if there are none. */
  readonly books?: readonly WalkedBook[];
  readonly midPrice: string;
  readonly walkedAskPrice: string | null;
  readonly walkedBidPrice: string | null;
  /** Omitted if nothing was taken. */
  readonly taken?: { readonly ask: string; readonly bid: string };
  readonly spreadBps: string;
  readonly skewBps: string;
  readonly volatilityBps: string;
  readonly tier: string;
  /** Omitted for the desk's own prices. */
  readonly outside?: { readonly reference: string | null; readonly askedAt: string };
}

/** A quote as a row of `rfq_quotes`, and as JSON in its event; decimals are text. */
export interface RfqQuoteRow {
  readonly id: QuoteId;
  readonly rfq_id: RfqId;
  readonly source: QuoteSource;
  readonly bid_price: string | null;
  readonly bid_quantity: string | null;
  readonly ask_price: string | null;
  readonly ask_quantity: string | null;
  readonly basis: BasisJson | null;
  readonly created_at: TimeValue;
  readonly valid_until: TimeValue;
  readonly withdrawn_at: TimeValue | null;
}

/** Selects an {@link RfqQuoteRow} from `rfq_quotes q`. */
export const RFQ_QUOTE_COLUMNS = Prisma.sql`
  q.id, q.rfq_id, q.source, q.bid_price::text AS bid_price, q.bid_quantity::text AS bid_quantity,
  q.ask_price::text AS ask_price, q.ask_quantity::text AS ask_quantity, q.basis,
  q.created_at, q.valid_until, q.withdrawn_at`;

/** The row of a quote. */
export function rfqQuoteRowOf(quote: RfqQuote): RfqQuoteRow {
  const { bid, ask, basis } = quote;
  return {
    id: quote.id,
    rfq_id: quote.rfqId,
    source: quote.source,
    bid_price: bid === null ? null : formatUnits(bid.price),
    bid_quantity: bid === null ? null : formatUnits(bid.quantity),
    ask_price: ask === null ? null : formatUnits(ask.price),
    ask_quantity: ask === null ? null : formatUnits(ask.quantity),
    basis: basis === null ? null : basisToJson(basis),
    created_at: timeText(quote.createdAt),
    valid_until: timeText(quote.validUntil),
    withdrawn_at: quote.withdrawnAt === null ? null : timeText(quote.withdrawnAt),
  };
}

/** The quote of a row. */
export function rfqQuoteOfRow(row: RfqQuoteRow): RfqQuote {
  return {
    id: row.id,
    rfqId: row.rfq_id,
    source: row.source,
    bid: sideOf(row.bid_price, row.bid_quantity),
    ask: sideOf(row.ask_price, row.ask_quantity),
    basis: row.basis === null ? null : basisOfJson(row.basis),
    createdAt: timeOf(row.created_at),
    validUntil: timeOf(row.valid_until),
    withdrawnAt: row.withdrawn_at === null ? null : timeOf(row.withdrawn_at),
  };
}

function sideOf(price: string | null, quantity: string | null): QuoteSide | null {
  if (price === null) return null;
  return { price: priceOfUnits(unitsOf(price)), quantity: quantityOfUnits(unitsOf(quantity)) };
}

function basisToJson(basis: QuoteBasis): BasisJson {
  const { bookSequence, books, midPrice, walkedAskPrice, walkedBidPrice, tier, outside } = basis;
  const { ask, bid } = basis.taken;
  const isTaken = ask + bid > 0n;
  return {
    bookSequence,
    ...(books.length === 0 ? {} : { books }),
    midPrice: formatUnits(midPrice),
    walkedAskPrice: walkedAskPrice === null ? null : formatUnits(walkedAskPrice),
    walkedBidPrice: walkedBidPrice === null ? null : formatUnits(walkedBidPrice),
    ...(isTaken ? { taken: { ask: formatUnits(ask), bid: formatUnits(bid) } } : {}),
    spreadBps: formatUnits(basis.spreadBps),
    skewBps: formatUnits(basis.skewBps),
    volatilityBps: formatUnits(basis.volatilityBps),
    tier,
    ...(outside === null ? {} : { outside: { ...outside, askedAt: timeText(outside.askedAt) } }),
  };
}

function basisOfJson(json: BasisJson): QuoteBasis {
  const { bookSequence, tier, taken } = json;
  return {
    bookSequence,
    books: json.books ?? [],
    midPrice: priceOfUnits(unitsOf(json.midPrice)),
    walkedAskPrice: priceOrNull(json.walkedAskPrice),
    walkedBidPrice: priceOrNull(json.walkedBidPrice),
    taken:
      taken === undefined ? NOTHING_TAKEN : { ask: unitsOf(taken.ask), bid: unitsOf(taken.bid) },
    spreadBps: unitsOf(json.spreadBps),
    skewBps: unitsOf(json.skewBps),
    volatilityBps: unitsOf(json.volatilityBps),
    tier,
    outside:
      json.outside === undefined
        ? null
        : { reference: json.outside.reference, askedAt: timeOf(json.outside.askedAt) },
  };
}

function priceOrNull(text: string | null): Price | null {
  return text === null ? null : priceOfUnits(unitsOf(text));
}
