import type {
  AccountId,
  ComparisonTokenId,
  OrderId,
  QuoteId,
  RfqId,
  UserId,
} from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { AcceptTerms } from './check-accept.ts';
import type { Exposure } from './credit.ts';
import type { PricedQuote, RfqQuote } from './rfq-quote.ts';
import type { RfqRefusal } from './rfq-refusal.ts';
import type { NewRfq, Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** What became of a request for quote. */
export type RequestedQuote =
  | { readonly kind: 'requested'; readonly rfq: Rfq; readonly quote: RfqQuote | null }
  | { readonly kind: 'denied'; readonly refusal: RfqRefusal };

/** An accept that was decided: the request is FILLED or REJECTED. */
export interface DecidedAccept {
  readonly rfq: Rfq;
  readonly order: RecordedOrder;
  readonly fills: readonly RecordedFill[];
  /** Null if it was rejected. */
  readonly settlement: Settlement | null;
}

/** What became of an accept. */
export type AcceptedQuote =
  | {
      readonly kind: 'pending';
      readonly rfq: Rfq;
      /** Null if the decision is stored, and not told here. */
      readonly decided: Promise<DecidedAccept | null>;
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly rfq: Rfq | null; readonly refusal: RfqRefusal }
  /** The journal no longer has the request: it is closed, and the store has it. */
  | { readonly kind: 'closed' };

/** An accept that has come, and what its order would be. */
export interface AcceptCommand {
  readonly rfqId: RfqId;
  readonly terms: AcceptTerms;
  readonly orderId: OrderId;
  /** Shown with it, so that what was compared is executed one way only; null without one. */
  readonly comparisonToken: ComparisonTokenId | null;
  /** By our clock, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** What a trader of the desk may have done with a request. */
export type HandQuoted =
  | { readonly kind: 'done'; readonly rfq: Rfq; readonly quote: RfqQuote | null }
  | { readonly kind: 'notOpen'; readonly rfq: Rfq | null }
  /** Another trader has it, or the machine still does. */
  | { readonly kind: 'notYours'; readonly rfq: Rfq }
  /** A price that can only be a slip. */
  | { readonly kind: 'refused'; readonly rfq: Rfq; readonly refusal: RfqRefusal };

/** What an account has accepted and not settled, and may; amounts in one quote asset. */
export interface CreditUse {
  readonly client: Exposure;
  readonly desk: Exposure;
  readonly openRfqs: number;
}

/** What the use cases ask of the journal. Every answer is stored before it is given. */
export interface RfqJournal {
  /**
   * Records a request and quotes it at once if the desk does.
   * @param userId who asks, for a pricer that is asked for much; null for nobody in particular
   * @throws UnavailableError if that is not known
   */
  request(
    asked: NewRfq,
    instrument: Instrument | null,
    userId: UserId | null,
  ): Promise<RequestedQuote>;
  /** Accepts a quote, and begins to hold its funds. @throws UnavailableError if that is not known */
  accept(command: AcceptCommand, instrument: Instrument): Promise<AcceptedQuote>;
  /** A request that may still change, as it is in memory; null for any other, and where this process does not know. */
  known(rfqId: RfqId): Rfq | null;
  /** Takes a request back. @returns null if the journal no longer has it; else as it is now */
  cancel(rfqId: RfqId): Promise<Rfq | null>;
  /** Takes a request from the machine, whose quotes are withdrawn; or gives it back with null. */
  takeOver(rfqId: RfqId, traderId: UserId, isTaken: boolean): Promise<HandQuoted>;
  /** Quotes a request by hand. */
  quoteByHand(
    rfqId: RfqId,
    traderId: UserId,
    prices: Pick<PricedQuote, 'bid' | 'ask'>,
    quoteId: QuoteId,
    instrument: Instrument,
  ): Promise<HandQuoted>;
  /** What is accepted and not settled, of an account and of the desk, in the quote asset of an instrument. */
  creditUse(accountId: AccountId, instrument: Instrument): Promise<CreditUse>;
}
