import type { Clock } from '#shared/domain/clock.ts';
import type {
  AccountId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
  TradeId,
  UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { OrderSide } from '../../domain/order.ts';
import { type Unsettled, unsettledAccept } from '../../domain/rfq/credit.ts';
import type { RfqRecord } from '../../domain/rfq/rfq-changes.ts';
import type { RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import { acceptOf, isLive, isRfqClosed, type Rfq } from '../../domain/rfq/rfq.ts';
import { isSettled, type Settlement } from '../../domain/rfq/settlement.ts';
import { ComparisonBook } from './comparison-book.ts';
import { RecentTakes } from './recent-takes.ts';
import { RfqMoments } from './rfq-moments.ts';
import { wasSetBackSince } from './set-back.ts';

/** An accept with a placed hold that waits for its last look. */
export interface PendingLook {
  readonly orderId: OrderId;
  readonly rfqId: RfqId;
  readonly instrument: Instrument;
  /** The end of the window for the look, as `steadyNow` has it; from this instant on it is too late. */
  readonly until: number;
}

/** How long what has expired is kept for accepts that arrived in time but wait for their turn, in milliseconds. */
const EXPIRY_GRACE_MS = 1000;

/** The in-memory requests for quote that can still change, with their quotes and settlements. */
export class RfqBook {
  readonly #rfqs = new Map<RfqId, Rfq>();
  /** Requests that wait for quotes or for an accept; every turn reads them. */
  readonly #live = new Map<RfqId, Rfq>();
  /** Requests that are accepted and not decided; every order that meets the house reads them. */
  readonly #pending = new Map<RfqId, Rfq>();
  /**
   * Who made the live requests, only in memory: those from before this process had the books count for their accounts
   * alone.
   */
  readonly #users = new Map<RfqId, UserId>();
  readonly #quotes = new Map<RfqId, RfqQuote[]>();
  readonly #settlements = new Map<TradeId, Settlement>();
  /** Kept only in memory: after a crash the hold is requested again, and then the look is taken. */
  readonly #looks = new Map<OrderId, PendingLook>();
  /** Trades that the ledger had applied before this state was read. */
  readonly appliedTrades: readonly TradeId[];
  /** Tokens of comparisons. */
  readonly comparisons: ComparisonBook;
  /** When requests were priced and quotes made. */
  readonly moments: RfqMoments;
  #takes = new RecentTakes();
  #lastNumber: number;

  constructor(record: RfqRecord, clock: Clock) {
    this.moments = new RfqMoments(clock);
    for (const rfq of record.rfqs) this.keep(rfq);
    for (const quote of record.quotes) this.keepQuote(quote);
    for (const settlement of record.settlements) this.#settlements.set(settlement.id, settlement);
    this.appliedTrades = record.appliedTrades;
    this.comparisons = new ComparisonBook(record.comparisons);
    this.#lastNumber = record.lastNumber;
    this.#noteTakes(record.rfqs);
  }

  /** What was accepted a moment ago. After a start it is only what was not settled yet, by accounts alone. */
  get takes(): RecentTakes {
    return this.#takes;
  }

  #noteTakes(rfqs: readonly Rfq[]): void {
    const accepted = rfqs.flatMap((rfq) => {
      const accept = rfq.state.status === 'REJECTED' ? null : acceptOf(rfq);
      return accept === null ? [] : [{ rfq, accept }];
    });
    accepted.sort((left, right) => left.accept.acceptedAt - right.accept.acceptedAt);
    for (const { rfq, accept } of accepted) {
      this.#takes.note(rfq, accept, null, this.moments.storedAt(accept.acceptedAt));
      this.#takes.stored(rfq.id);
    }
  }

  /** Takes the number for the next request; each is given once. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Undefined for an unknown request, and for one that can no longer change. */
  rfq(id: RfqId): Rfq | undefined {
    return this.#rfqs.get(id);
  }

  /** As {@link RfqBook.rfq}. @throws Error (an invariant) if it is absent */
  liveRfq(id: RfqId): Rfq {
    const rfq = this.#rfqs.get(id);
    invariant(rfq !== undefined, `request for quote ${id} is not in the journal`);
    return rfq;
  }

  /** Requests that wait for quotes or for an accept. */
  live(): readonly Rfq[] {
    return [...this.#live.values()];
  }

  /** The number of an account's live requests. */
  liveCount(accountId: AccountId): number {
    return this.live().filter((rfq) => rfq.accountId === accountId).length;
  }

  /** The number of live requests that a user has made, in all accounts. */
  userLiveCount(userId: UserId): number {
    let count = 0;
    for (const one of this.#users.values()) if (one === userId) count += 1;
    return count;
  }

  /** Who has made a live request; undefined if that is not known. */
  userOf(rfqId: RfqId): UserId | undefined {
    return this.#users.get(rfqId);
  }

  /** A user has made a live request. */
  keepUser(rfqId: RfqId, userId: UserId): void {
    this.#users.set(rfqId, userId);
  }

  /** Carries over from memory after a lost turn, whose requests may not be stored. */
  carryOver(before: RfqBook): void {
    for (const [rfqId, userId] of before.#users)
      if (this.#live.has(rfqId)) this.keepUser(rfqId, userId);
    this.moments.carryOver(before.moments, [...this.#quotes.values()].flat());
    this.#takes = before.#takes;
    // The lost turn is stored, or had rejected them.
    this.#noteTakes([...this.#pending.values()]);
    this.#takes.lost();
  }

  /**
   * Live requests that show a trader's quote which has ended: it expired and none followed, or another process has made
   * it. If the clock was set back while no process had the books, nobody knows how old it is, and it has no last look.
   * Earlier quotes have ended, too.
   */
  lapsed(nowMs: number): readonly Rfq[] {
    return this.live().filter(({ id, traderId, state }) => {
      if (traderId === null || state.status !== 'QUOTED') return false;
      const newest = this.quotes(id).at(-1);
      if (newest === undefined) return false;
      const isOver = newest.validUntil + EXPIRY_GRACE_MS <= nowMs;
      return isOver || !this.moments.isOwn(newest.id);
    });
  }

  /** Every quote of a request, the oldest first. */
  quotes(rfqId: RfqId): readonly RfqQuote[] {
    return this.#quotes.get(rfqId) ?? [];
  }

  /** Undefined if the request never had it. */
  quote(rfqId: RfqId, quoteId: QuoteId): RfqQuote | undefined {
    return this.#quotes.get(rfqId)?.find(({ id }) => id === quoteId);
  }

  /** Undefined for an unknown settlement, and for a final one. */
  settlement(id: TradeId): Settlement | undefined {
    return this.#settlements.get(id);
  }

  /** Stores the current state of a request, or forgets it if nothing can follow. */
  keep(rfq: Rfq): void {
    this.#rfqs.set(rfq.id, rfq);
    if (isLive(rfq)) this.#live.set(rfq.id, rfq);
    else {
      this.#live.delete(rfq.id);
      this.#users.delete(rfq.id);
      this.moments.forgetRequest(rfq.id);
    }
    if (rfq.state.status === 'ACCEPT_PENDING') this.#pending.set(rfq.id, rfq);
    else this.#pending.delete(rfq.id);
    if (!isRfqClosed(rfq)) return;
    for (const { id } of this.quotes(rfq.id)) this.moments.forgetQuote(id);
    this.#quotes.delete(rfq.id);
    if (rfq.state.status !== 'FILLED') this.#rfqs.delete(rfq.id);
  }

  /** Stores the current state of a quote. */
  keepQuote(quote: RfqQuote): void {
    const others = this.quotes(quote.rfqId).filter(({ id }) => id !== quote.id);
    this.#quotes.set(quote.rfqId, [...others, quote]);
  }

  /** Stores the current state of a settlement; once it is final, its request is forgotten. */
  keepSettlement(settlement: Settlement): void {
    if (!isSettled(settlement)) return void this.#settlements.set(settlement.id, settlement);
    this.#settlements.delete(settlement.id);
    this.#rfqs.delete(settlement.rfqId);
  }

  /**
   * Live requests that have expired. One that was changed later than now is from before the clock was set back: nobody
   * knows how old its quotes are, and they would be firm again until the clock has caught up.
   */
  expired(nowMs: number): readonly Rfq[] {
    return this.live().filter(
      ({ expiresAt, updatedAt }) =>
        expiresAt + EXPIRY_GRACE_MS <= nowMs || wasSetBackSince(updatedAt, nowMs),
    );
  }

  /** The pending last looks. */
  looks(): Iterable<PendingLook> {
    return this.#looks.values();
  }

  /** Adds a last look, to be taken as soon as there is a market. */
  look(look: PendingLook): void {
    this.#looks.set(look.orderId, look);
  }

  /** Removes a last look that was taken. */
  looked(orderId: OrderId): void {
    this.#looks.delete(orderId);
  }

  /**
   * The accepted, unsettled trades in one quote asset.
   * @param accountId null for all accounts
   */
  unsettled(accountId: AccountId | null, quote: Instrument['quote']): readonly Unsettled[] {
    const isMeant = (one: { accountId: AccountId; symbol: InstrumentSymbol }) =>
      (accountId === null || one.accountId === accountId) && one.symbol.endsWith(`-${quote}`);
    const pending = [...this.#pending.values()].flatMap((rfq) => {
      const accept = isMeant(rfq) ? acceptOf(rfq) : null;
      if (accept === null) return [];
      return [unsettledAccept(accept)];
    });
    return [...pending, ...[...this.#settlements.values()].filter(isMeant)];
  }

  /**
   * Base units that clients are about to buy or sell, as a count of 10^-18. Any of these accepts may still be rejected.
   */
  pendingQuantity(symbol: InstrumentSymbol, side: OrderSide): bigint {
    let sum = 0n;
    for (const rfq of this.#pending.values()) {
      const accept = acceptOf(rfq);
      if (rfq.symbol === symbol && accept?.side === side) sum += accept.quantity;
    }
    return sum;
  }
}
