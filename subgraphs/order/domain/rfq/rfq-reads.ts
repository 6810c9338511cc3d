import type { AccountId, ClientRfqId, InstrumentSymbol, RfqId } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { PageAsk } from '../order-reads.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { Rfq, RfqStatus } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The client's name for a request. */
export type ClientRfqKey = Pick<Rfq, 'accountId' | 'clientRfqId'>;

/** Which requests to list; null leaves a condition out. */
export interface RfqFilter {
  readonly symbol: InstrumentSymbol | null;
  readonly statuses: readonly RfqStatus[] | null;
  /** When they were created. */
  readonly period: Period;
}

/** Requests for quote as they are stored now. Whether the one who asks may see it is the use case's to say. */
export interface RfqReads {
  rfq(id: RfqId): Promise<Rfq | null>;
  rfqByClientRfqId(key: { accountId: AccountId; clientRfqId: ClientRfqId }): Promise<Rfq | null>;
  /** Newest first. */
  rfqs(accountId: AccountId, filter: RfqFilter, page: PageAsk): Promise<readonly Rfq[]>;
  /** Everyone's that are open or quoted, the oldest first. */
  openRfqs(): Promise<readonly Rfq[]>;
  /** Every quote of a request, newest first. */
  quotes(rfqId: RfqId): Promise<readonly RfqQuote[]>;
  /** Null if nothing traded. */
  settlement(rfqId: RfqId): Promise<Settlement | null>;
}
