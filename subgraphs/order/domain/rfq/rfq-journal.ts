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
import type { Sender } from '../rules/sender.ts';
import type { AcceptTerms } from './check-accept.ts';
import type { Exposure } from './credit.ts';
import type { PricedQuote, RfqQuote } from './rfq-quote.ts';
import type { RfqRefusal } from './rfq-refusal.ts';
import type { NewRfq, Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The outcome of a request for quote. */
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

/** The outcome of an accept. */
export type AcceptedQuote =
  | {
      readonly kind: 'pending';
      readonly rfq: Rfq;
      /** Resolves to null if the decision is stored, but was not observed by this process. */
      readonly decided: Promise<DecidedAccept | null>;
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly rfq: Rfq | null; readonly refusal: RfqRefusal }
  /** The journal no longer has the request: it is closed, and the store has it. */
  | { readonly kind: 'closed' };

/** A received accept, with who sent it and the id for its order. */
export interface AcceptCommand extends Sender {
  readonly rfqId: RfqId;
  readonly terms: AcceptTerms;
  readonly orderId: OrderId;
  /** The token of the comparison, so that the compared trade is executed only once; null without one. */
  readonly comparisonToken: ComparisonTokenId | null;
  /** By this server's clock, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** The outcome of a desk trader's action on a request. */
export type HandQuoted =
  | { readonly kind: 'done'; readonly rfq: Rfq; readonly quote: RfqQuote | null }
  | { readonly kind: 'notOpen'; readonly rfq: Rfq | null }
  /** Another trader or the machine still quotes the request. */
  | { readonly kind: 'notYours'; readonly rfq: Rfq }
  /** The trader made the request, or has a role on its account: nobody prices a trade with themselves. */
  | { readonly kind: 'ownAccount'; readonly rfq: Rfq }
  /** The price is so far from the market that it must be a mistake. */
  | { readonly kind: 'refused'; readonly rfq: Rfq; readonly refusal: RfqRefusal };

/** The accepted, unsettled trades of an account and of the desk in one quote asset, and the open requests. */
export interface CreditUse {
  readonly client: Exposure;
  readonly desk: Exposure;
  /** Those of the account. */
  readonly openRfqs: number;
  /** Those of the user, in all accounts. */
  readonly userOpenRfqs: number;
}

/** The journal's commands for requests for quote. Every outcome is stored before it is returned. */
export interface RfqJournal {
  /**
   * Records a request, and quotes it immediately if the desk has a price.
   * @param userId the caller, whose open requests are limited, and with whom others share a busy pricer evenly; null for
   *   no particular user
   * @throws UnavailableError if the outcome is unknown
   */
  request(
    asked: NewRfq,
    instrument: Instrument | null,
    userId: UserId | null,
  ): Promise<RequestedQuote>;
  /** Accepts a quote, and requests the hold for its funds. @throws UnavailableError if the outcome is unknown */
  accept(command: AcceptCommand, instrument: Instrument): Promise<AcceptedQuote>;
  /**
   * The in-memory state of a request that can still change; null for any other, and if this process does not know it.
   */
  known(rfqId: RfqId): Rfq | null;
  /** Cancels a request. @returns its state now; null if the journal no longer has it */
  cancel(rfqId: RfqId): Promise<Rfq | null>;
  /** Takes a request from the machine and withdraws the machine's quotes; gives it back if `isTaken` is false. */
  takeOver(rfqId: RfqId, traderId: UserId, isTaken: boolean): Promise<HandQuoted>;
  /** Quotes a request by hand. */
  quoteByHand(
    rfqId: RfqId,
    traderId: UserId,
    prices: Pick<PricedQuote, 'bid' | 'ask'>,
    quoteId: QuoteId,
    instrument: Instrument,
  ): Promise<HandQuoted>;
  /** The accepted, unsettled trades of an account and of the desk in the instrument's quote asset. */
  creditUse(
    accountId: AccountId,
    instrument: Instrument,
    userId: UserId | null,
  ): Promise<CreditUse>;
}
