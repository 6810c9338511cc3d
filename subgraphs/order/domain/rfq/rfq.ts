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

/** Every status a request for quote can have; see `rfq-lifecycle.ts` for the ways between them. */
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

/** How much is asked for: base units, or what they may cost or are to bring. */
export type RfqSize =
  | { readonly quantity: Quantity; readonly quoteQuantity: null }
  | { readonly quantity: null; readonly quoteQuantity: Money };

/** What a request began with: the client asked, or took a level that was streamed to it. */
export type RfqOrigin = 'REQUEST' | 'LEVEL';

/** The one accept of a request that passed the checks. Times are milliseconds since the epoch. */
export interface RfqAccept {
  readonly quoteId: QuoteId;
  readonly side: OrderSide;
  /** Base units. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  /** How much worse than the price it may fill, in basis points. */
  readonly maxSlippageBps: number;
  readonly acceptedAt: number;
}

/** What a request is now, with the facts that only this status has. */
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
      /** Null if it never came to that. */
      readonly lastLook: LastLook | null;
      readonly closedAt: number;
    }
  | { readonly status: 'EXPIRED' | 'CANCELED'; readonly closedAt: number };

/** A request for quote and all that became of it. Immutable: each event makes a new one. */
export interface Rfq {
  readonly id: RfqId;
  readonly accountId: AccountId;
  readonly clientRfqId: ClientRfqId;
  readonly origin: RfqOrigin;
  readonly symbol: InstrumentSymbol;
  /** Null asks for both sides. */
  readonly side: OrderSide | null;
  readonly size: RfqSize;
  /** Rises with every request of the desk; what pages are cut by. */
  readonly number: number;
  /** How many events it has had; each has its number as its sequence. */
  readonly sequence: number;
  /** When its first quote was made, milliseconds since the epoch; null before. */
  readonly firstQuotedAt: number | null;
  /** The trader of the desk who quotes it by hand; null while the machine does. */
  readonly traderId: UserId | null;
  readonly state: RfqState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** At this instant exactly it has expired, unless it was accepted; milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What a client asks for. */
export type NewRfq = Pick<Rfq, 'id' | 'accountId' | 'clientRfqId' | 'symbol' | 'side' | 'size'>;

/** Waits for quotes or for an accept. */
export function isLive({ state }: Pick<Rfq, 'state'>): boolean {
  return state.status === 'OPEN' || state.status === 'QUOTED';
}

/** Nothing will happen any more, but for its settlement. */
export function isRfqClosed({ state }: Pick<Rfq, 'state'>): boolean {
  return isClosedRfqStatus(state.status);
}

/** Of a request that is closed. */
export function isClosedRfqStatus(status: RfqStatus): boolean {
  return status !== 'OPEN' && status !== 'QUOTED' && status !== 'ACCEPT_PENDING';
}

/** The accept of a request; null if none passed the checks. */
export function acceptOf({ state }: Pick<Rfq, 'state'>): RfqAccept | null {
  return 'accept' in state ? state.accept : null;
}

/** The input fields in which two requests of one clientRfqId differ; none when they ask for the same. */
export function differingRfqFields(left: NewRfq, right: NewRfq): readonly string[] {
  const [one, other] = [bodyOf(left), bodyOf(right)];
  return RFQ_FIELDS.filter((field) => one[field] !== other[field]);
}

const RFQ_FIELDS = ['symbol', 'side', 'quantity', 'quoteQuantity'] as const;

function bodyOf({ symbol, side, size }: NewRfq) {
  return { symbol, side, ...size };
}
