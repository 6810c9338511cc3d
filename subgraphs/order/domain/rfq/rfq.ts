import type {
  AccountId,
  ClientOrderId,
  ClientRfqId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
  UserId,
} from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import type { LastLook } from './last-look.ts';
import type { AcceptRejectReason } from './rfq-refusal.ts';

/** Every status of a request for quote; see `rfq-lifecycle.ts` for the transitions. */
export const RFQ_STATUSES = [
  'OPEN',
  'QUOTED',
  'ACCEPT_PENDING',
  'FILLED',
  'REJECTED',
  'EXPIRED',
  'CANCELED',
] as const;
/** One of {@link RFQ_STATUSES}. */
export type RfqStatus = (typeof RFQ_STATUSES)[number];

/** The requested size: base units, or an amount of the quote asset to pay or receive. */
export type RfqSize =
  | { readonly quantity: Quantity; readonly quoteQuantity: null }
  | { readonly quantity: null; readonly quoteQuantity: Money };

/** How a request began: the client requested a quote, or accepted a streamed level. */
export type RfqOrigin = 'REQUEST' | 'LEVEL';

/** The accept of a request that passed the checks; there is at most one. Times are milliseconds since the epoch. */
export interface RfqAccept {
  readonly quoteId: QuoteId;
  readonly side: OrderSide;
  /** Base units. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  /** How much worse than the accepted price the fill can be, in basis points. */
  readonly maxSlippageBps: number;
  readonly acceptedAt: number;
}

/** The status of a request, with the fields that only this status has. */
export type RfqState =
  | { readonly status: 'OPEN' | 'QUOTED' }
  | { readonly status: 'ACCEPT_PENDING'; readonly accept: RfqAccept }
  | {
      readonly status: 'FILLED';
      readonly accept: RfqAccept;
      readonly lastLook: LastLook;
      readonly fillPrice: Price;
      readonly closedAt: number;
    }
  | {
      readonly status: 'REJECTED';
      readonly accept: RfqAccept;
      readonly rejectReason: AcceptRejectReason;
      /** Null if the accept was rejected before a last look. */
      readonly lastLook: LastLook | null;
      readonly closedAt: number;
    }
  | { readonly status: 'EXPIRED' | 'CANCELED'; readonly closedAt: number };

/** A request for quote and its current state. Immutable: each event makes a new object. */
export interface Rfq {
  readonly id: RfqId;
  readonly accountId: AccountId;
  readonly clientRfqId: ClientRfqId;
  readonly origin: RfqOrigin;
  readonly symbol: InstrumentSymbol;
  /** Null asks for both sides. */
  readonly side: OrderSide | null;
  readonly size: RfqSize;
  /** Increases with every request of the desk; lists are paged by it. */
  readonly number: number;
  /** The number of its events, which is the sequence of the last one. */
  readonly sequence: number;
  /** When the first quote was made, milliseconds since the epoch; null before. */
  readonly firstQuotedAt: number | null;
  /** The trader of the desk who quotes it by hand; null while the machine does. */
  readonly traderId: UserId | null;
  readonly state: RfqState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The request has expired from this instant on, unless it was accepted; milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** A new request from a client. */
export type NewRfq = Pick<Rfq, 'id' | 'accountId' | 'clientRfqId' | 'symbol' | 'side' | 'size'>;

/** Whether a request waits for quotes or for an accept. */
export function isLive({ state }: Pick<Rfq, 'state'>): boolean {
  return state.status === 'OPEN' || state.status === 'QUOTED';
}

/** Whether nothing can follow but the settlement. */
export function isRfqClosed({ state }: Pick<Rfq, 'state'>): boolean {
  return isClosedRfqStatus(state.status);
}

/** A closed request. */
export function isClosedRfqStatus(status: RfqStatus): boolean {
  return status !== 'OPEN' && status !== 'QUOTED' && status !== 'ACCEPT_PENDING';
}

/** The accept of a request; null if none passed the checks. */
export function acceptOf({ state }: Pick<Rfq, 'state'>): RfqAccept | null {
  return 'accept' in state ? state.accept : null;
}

/** The input fields in which two requests with the same clientRfqId differ; empty if they are the same. */
export function differingRfqFields(left: NewRfq, right: NewRfq): readonly string[] {
  const [one, other] = [bodyOf(left), bodyOf(right)];
  return RFQ_FIELDS.filter((field) => one[field] !== other[field]);
}

const RFQ_FIELDS = ['symbol', 'side', 'quantity', 'quoteQuantity'] as const;

function bodyOf({ symbol, side, size }: NewRfq) {
  return { symbol, side, ...size };
}
