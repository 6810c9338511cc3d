import type {
  AccountId,
  ClientRfqId,
  InstrumentSymbol,
  QuoteId,
  RfqId,
} from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { PageAsk } from '../ports/order-reads.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { Rfq, RfqStatus } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The client's name for a request. */
export type ClientRfqKey = Pick<Rfq, 'accountId' | 'clientRfqId'>;

/** The conditions of a list of requests; null omits a condition. */
export interface RfqFilter {
  readonly symbol: InstrumentSymbol | null;
  readonly statuses: readonly RfqStatus[] | null;
  /** When the requests were created. */
  readonly period: Period;
}

/** How many quotes a request shows of itself: by default as many as the machine makes. All are pages of a list. */
export const MOST_WITH_RFQ = 120;

/** Reads of stored requests for quote. The use cases check whether the caller can see them. */
export interface RfqReads {
  rfq(id: RfqId): Promise<Rfq | null>;
  rfqByClientRfqId(key: { accountId: AccountId; clientRfqId: ClientRfqId }): Promise<Rfq | null>;
  /** Newest first. */
  rfqs(accountId: AccountId, filter: RfqFilter, page: PageAsk): Promise<readonly Rfq[]>;
  /** All accounts' open and quoted requests, oldest first. */
  openRfqs(): Promise<readonly Rfq[]>;
  /** Null if the request never had such a quote. */
  quote(rfqId: RfqId, quoteId: QuoteId): Promise<RfqQuote | null>;
  /** Null if nothing traded. */
  settlement(rfqId: RfqId): Promise<Settlement | null>;
}
