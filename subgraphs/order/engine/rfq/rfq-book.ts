import type {
  AccountId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
  TradeId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { notional } from '#shared/domain/money.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderSide } from '../../domain/order.ts';
import type { Unsettled } from '../../domain/rfq/credit.ts';
import type { RfqRecord } from '../../domain/rfq/rfq-changes.ts';
import type { RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import { acceptOf, isLive, isRfqClosed, type Rfq } from '../../domain/rfq/rfq.ts';
import { isSettled, type Settlement } from '../../domain/rfq/settlement.ts';
import { ComparisonBook } from './comparison-book.ts';

/** An accept whose hold is placed and whose last look is still to be taken. */
export interface PendingLook {
  readonly orderId: OrderId;
  readonly rfqId: RfqId;
  readonly instrument: Instrument;
  /** Until when it may be looked; at this instant the market must do without. Milliseconds since the epoch. */
  readonly until: number;
}

/** How long after its end a request may still be accepted by what arrived in time, in milliseconds. */
const EXPIRY_GRACE_MS = 1000;

/** The requests for quote that can still change, with their quotes and settlements, in memory. */
export class RfqBook {
  readonly #rfqs = new Map<RfqId, Rfq>();
  /** Those of them that wait for quotes or for an accept: what every turn looks at. */
  readonly #live = new Map<RfqId, Rfq>();
  /** Those that are accepted and not decided: what every order that meets the house looks at. */
  readonly #pending = new Map<RfqId, Rfq>();
  readonly #quotes = new Map<RfqId, RfqQuote[]>();
  readonly #settlements = new Map<TradeId, Settlement>();
  /** Only in memory: after a crash the hold is asked for again, and the look is taken then. */
  readonly #looks = new Map<OrderId, PendingLook>();
  /** Trades that the ledger has applied before this state was read. */
  readonly appliedTrades: readonly TradeId[];
  /** Tokens of comparisons. */
  readonly comparisons: ComparisonBook;
  #lastNumber: number;

  constructor(record: RfqRecord) {
    for (const rfq of record.rfqs) this.keep(rfq);
    for (const quote of record.quotes) this.keepQuote(quote);
    for (const settlement of record.settlements) this.#settlements.set(settlement.id, settlement);
    this.appliedTrades = record.appliedTrades;
    this.comparisons = new ComparisonBook(record.comparisons);
    this.#lastNumber = record.lastNumber;
  }

  /** The next request's number; each is given once. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Undefined for an unknown request as for one that cannot change any more. */
  rfq(id: RfqId): Rfq | undefined {
    return this.#rfqs.get(id);
  }

  /** As {@link RfqBook.rfq}. @throws Error (an invariant) if it is not there */
  liveRfq(id: RfqId): Rfq {
    const rfq = this.#rfqs.get(id);
    invariant(rfq !== undefined, `request for quote ${id} is not in the journal`);
    return rfq;
  }

  /** Requests that wait for quotes or for an accept. */
  live(): readonly Rfq[] {
    return [...this.#live.values()];
  }

  /** How many of an account's requests are live. */
  liveCount(accountId: AccountId): number {
    return this.live().filter((rfq) => rfq.accountId === accountId).length;
  }

  /** Every quote of a request, the oldest first. */
  quotes(rfqId: RfqId): readonly RfqQuote[] {
    return this.#quotes.get(rfqId) ?? [];
  }

  /** Undefined if the request never had it. */
  quote(rfqId: RfqId, quoteId: QuoteId): RfqQuote | undefined {
    return this.#quotes.get(rfqId)?.find(({ id }) => id === quoteId);
  }

  /** Undefined for an unknown one as for one that is settled. */
  settlement(id: TradeId): Settlement | undefined {
    return this.#settlements.get(id);
  }

  /** Remembers a request as it is now, or forgets it when nothing can follow. */
  keep(rfq: Rfq): void {
    this.#rfqs.set(rfq.id, rfq);
    if (isLive(rfq)) this.#live.set(rfq.id, rfq);
    else this.#live.delete(rfq.id);
    if (rfq.state.status === 'ACCEPT_PENDING') this.#pending.set(rfq.id, rfq);
    else this.#pending.delete(rfq.id);
    if (!isRfqClosed(rfq)) return;
    this.#quotes.delete(rfq.id);
    if (rfq.state.status !== 'FILLED') this.#rfqs.delete(rfq.id);
  }

  /** Remembers a quote as it is now. */
  keepQuote(quote: RfqQuote): void {
    const others = this.quotes(quote.rfqId).filter(({ id }) => id !== quote.id);
    this.#quotes.set(quote.rfqId, [...others, quote]);
  }

  /** Remembers a settlement as it is now; with the last of it its request is forgotten. */
  keepSettlement(settlement: Settlement): void {
    if (!isSettled(settlement)) return void this.#settlements.set(settlement.id, settlement);
    this.#settlements.delete(settlement.id);
    this.#rfqs.delete(settlement.rfqId);
  }

  /** Live requests whose time has come. */
  expired(nowMs: number): readonly Rfq[] {
    return this.live().filter(({ expiresAt }) => expiresAt + EXPIRY_GRACE_MS <= nowMs);
  }

  /** Last looks that are still to be taken. */
  looks(): Iterable<PendingLook> {
    return this.#looks.values();
  }

  /** Has a last look taken as soon as there is a market. */
  look(look: PendingLook): void {
    this.#looks.set(look.orderId, look);
  }

  /** The last look is taken. */
  looked(orderId: OrderId): void {
    this.#looks.delete(orderId);
  }

  /**
   * What is accepted and not settled in one quote asset.
   * @param accountId null for all accounts
   */
  unsettled(accountId: AccountId | null, quote: Instrument['quote']): readonly Unsettled[] {
    const isMeant = (one: { accountId: AccountId; symbol: InstrumentSymbol }) =>
      (accountId === null || one.accountId === accountId) && one.symbol.endsWith(`-${quote}`);
    const pending = [...this.#pending.values()].flatMap((rfq) => {
      const accept = isMeant(rfq) ? acceptOf(rfq) : null;
      if (accept === null) return [];
      return [{ side: accept.side, notional: notional(accept.price, accept.quantity) }];
    });
    return [...pending, ...[...this.#settlements.values()].filter(isMeant)];
  }

  /** Base units that clients are about to buy, or to sell, as a count of 10^-18: any of it may still come to nothing. */
  pendingQuantity(symbol: InstrumentSymbol, side: OrderSide): bigint {
    let sum = 0n;
    for (const rfq of this.#pending.values()) {
      const accept = acceptOf(rfq);
      if (rfq.symbol === symbol && accept?.side === side) sum += accept.quantity;
    }
    return sum;
  }
}
