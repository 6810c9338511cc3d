import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { AccountId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Fill } from '../domain/fill.ts';
import type { JournalRecord } from '../domain/ports/journal-store.ts';
import { type DailyVolume, DailyVolumes } from '../domain/daily-volume.ts';
import { type FeeTier, feeTierOf, TIER_ASSET } from '../domain/fee-tier.ts';
import type { LastPrice } from '../domain/last-price.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { deadlineOf, fundsWaitMs } from '../domain/order-life.ts';
import { isArriving, isClosed, isOpen } from '../domain/order.ts';
import type { ReferenceQuote } from '../domain/rules/price-collar.ts';
import { applyFillToPosition, flatPosition, type Position } from '../domain/position.ts';
import { quoteAssetOf } from '../domain/quote-asset.ts';
import { ConnectionGuards } from './safety/connection-guards.ts';
import { KeyedHeap } from './keyed-heap.ts';
import { OrderGroups } from './order-groups.ts';
import { RfqBook } from './rfq/rfq-book.ts';
import { SafetyState } from './safety/safety-state.ts';
import { WaitingOrders } from './triggers/waiting-orders.ts';
import type { Turn } from './turn.ts';

/**
 * The journal's memory: everything that can still change. It can be a turn ahead of the store, and
 * is discarded if that turn cannot be stored.
 */
export class JournalState {
  readonly #orders = new Map<OrderId, RecordedOrder>();
  readonly #orderCounts = new Map<string, number>();
  readonly #byAccount = new OrderGroups<AccountId>();
  readonly #byGuard = new OrderGroups<string>();
  readonly #expiring = new KeyedHeap<OrderId, Expiry>(isEarlier);
  /** Orders that do not wait long for their holds, by `steadyNow`: nothing waits longer because the clock was set back. */
  readonly #unfunded = new KeyedHeap<OrderId, Expiry>(isEarlier);
  readonly #lastPrices = new Map<InstrumentSymbol, Price>();
  readonly #sequences: Map<AccountId, bigint>;
  readonly #positions: Map<string, Position>;
  readonly #clientsQuantities = new Map<InstrumentSymbol, bigint>();
  /** Orders that wait for a price. */
  readonly waiting = new WaitingOrders();
  /** Switches and timers over all accounts. */
  readonly safety: SafetyState;
  /** Connections whose loss cancels orders. */
  readonly guards: ConnectionGuards;
  /** Requests for quote. */
  readonly rfqs: RfqBook;
  readonly #volumes: DailyVolumes;
  readonly #clock: Clock;
  #lastPriority = 0;
  /** More than one only if some come back that were left out of the books. */
  readonly #arriving = new Set<OrderId>();

  /** @param clock for what runs in memory, and not by recorded times */
  constructor(record: JournalRecord, clock: Clock) {
    this.#clock = clock;
    this.#sequences = new Map(record.sequences);
    this.#positions = new Map(
      record.positions.map((one) => [positionKey(one.accountId, one.symbol), one]),
    );
    for (const { symbol, price } of record.lastPrices) this.#lastPrices.set(symbol, price);
    for (const { symbol, netQuantity } of record.positions) this.#addQuantity(symbol, netQuantity);
    this.safety = new SafetyState(record.controls, record.cancelTimers, clock);
    this.#volumes = new DailyVolumes(record.dailyVolumes);
    this.rfqs = new RfqBook(record.rfq, clock);
    this.guards = new ConnectionGuards(guardsOf(record.orders), () => steadyNow(clock));
    for (const order of record.orders) this.keep(order);
    this.skipPriorities(record.orders);
  }

  /** A turn is stored. */
  stored(): void {
    this.waiting.stored();
    this.guards.stored();
    this.safety.stored();
  }

  /** Carries over what no store has from the previous state, whose last turn was lost. */
  carryOver({ waiting, guards, safety, rfqs }: JournalState): void {
    this.waiting.carryOver(waiting, (id) => this.order(id));
    this.guards.carryOver(guards);
    this.safety.carryOver(safety);
    this.rfqs.carryOver(rfqs);
  }

  /** Orders that are not closed. */
  orders(): IterableIterator<RecordedOrder> {
    return this.#orders.values();
  }

  /** Those of one account. */
  ordersOf(accountId: AccountId): Iterable<RecordedOrder> {
    return this.#byAccount.of(accountId);
  }

  /** Those that a connection guards. */
  guardedOrders(connectionId: string): Iterable<RecordedOrder> {
    return this.#byGuard.of(connectionId);
  }

  /** Undefined for an unknown order and for a closed one. */
  order(orderId: OrderId): RecordedOrder | undefined {
    return this.#orders.get(orderId);
  }

  /** As {@link JournalState.order}. @throws Error (an invariant) if it is not there */
  liveOrder(orderId: OrderId): RecordedOrder {
    const order = this.#orders.get(orderId);
    invariant(order !== undefined, `order ${orderId} is not in the journal`);
    return order;
  }

  /** The order that takes more than a turn can store; no other begins before it is done. */
  get arriving(): RecordedOrder | undefined {
    const [first] = this.#arriving;
    return first === undefined ? undefined : this.#orders.get(first);
  }

  /** How many orders of the account in the instrument are not closed. */
  orderCount(accountId: AccountId, symbol: InstrumentSymbol): number {
    return this.#orderCounts.get(positionKey(accountId, symbol)) ?? 0;
  }

  /** Remembers an order as it is now, or forgets it if it is closed. */
  keep(order: RecordedOrder): void {
    this.#letGo(order);
    const wasThere = this.#orders.delete(order.id);
    const isThere = !isClosed(order);
    if (isArriving(order)) this.#arriving.add(order.id);
    else this.#arriving.delete(order.id);
    this.waiting.keep(order);
    if (isThere) this.#index(order);
    else this.#forget(order);
    if (isThere) this.#orders.set(order.id, order);
    if (wasThere === isThere) return;
    const count = this.orderCount(order.accountId, order.symbol) + (isThere ? 1 : -1);
    this.#orderCounts.set(positionKey(order.accountId, order.symbol), count);
  }

  /**
   * The order that expired first or, if none has, that waited for its hold for too long; at exactly
   * its instant it has.
   */
  nextExpired({ now, steadyMs }: Pick<Turn, 'now' | 'steadyMs'>): OrderId | undefined {
    return firstDue(this.#expiring, now) ?? firstDue(this.#unfunded, steadyMs);
  }

  /** The price of the instrument's last trade on the book; null before the first. */
  lastPrice(symbol: InstrumentSymbol): Price | null {
    return this.#lastPrices.get(symbol) ?? null;
  }

  /** The account's next sequence; each is given once. */
  nextSequence(accountId: AccountId): bigint {
    const next = (this.#sequences.get(accountId) ?? 0n) + 1n;
    this.#sequences.set(accountId, next);
    return next;
  }

  /**
   * Base units that an account has in an instrument, negative if short; 0 if it never traded it.
   */
  netQuantity(accountId: AccountId, symbol: InstrumentSymbol): bigint {
    return this.#positions.get(positionKey(accountId, symbol))?.netQuantity ?? 0n;
  }

  /** Base units that all accounts together have bought more than sold, as a count of 10^-18. */
  clientsQuantity(symbol: InstrumentSymbol): bigint {
    return this.#clientsQuantities.get(symbol) ?? 0n;
  }

  /** Counts a fill into its day. @returns the day's volume after it */
  addVolume({ accountId, symbol, quoteQuantity, executedAt }: Fill): DailyVolume {
    return this.#volumes.add({ accountId, asset: quoteAssetOf(symbol) }, quoteQuantity, executedAt);
  }

  /** By what the account has traded in thirty days. */
  feeTier(accountId: AccountId, nowMs: number): FeeTier {
    const owner = { accountId, asset: TIER_ASSET };
    return feeTierOf(this.#volumes.thirtyDayVolume(owner, nowMs));
  }

  /** The next acceptance number; rises over all instruments. */
  nextPriority(): number {
    this.#lastPriority += 1;
    return this.#lastPriority;
  }

  /** Gives no other order a priority that one of these has, whether or not it is in the books. */
  skipPriorities(orders: Iterable<RecordedOrder>): void {
    for (const order of orders)
      if (isOpen(order)) this.#lastPriority = Math.max(this.#lastPriority, order.state.priority);
  }

  /**
   * Remembers the price of a trade on the book, also for orders that wait for it.
   * @param quote the market at that time; null if it was stale
   */
  noteTrade(trade: LastPrice, quote: ReferenceQuote | null): void {
    this.#lastPrices.set(trade.symbol, trade.price);
    this.waiting.seeTrade(trade, quote);
  }

  /** Books a fill. @returns the position after it */
  fillPosition(fill: Fill): Position {
    const key = positionKey(fill.accountId, fill.symbol);
    const before =
      this.#positions.get(key) ?? flatPosition(fill.accountId, fill.symbol, fill.executedAt);
    const after = applyFillToPosition(before, fill);
    this.#positions.set(key, after);
    this.#addQuantity(fill.symbol, fill.side === 'BUY' ? fill.quantity : -fill.quantity);
    return after;
  }

  #addQuantity(symbol: InstrumentSymbol, change: bigint): void {
    this.#clientsQuantities.set(symbol, this.clientsQuantity(symbol) + change);
  }

  #index(order: RecordedOrder): void {
    const { id, accountId, createdAt } = order;
    this.#byAccount.keep(accountId, order);
    const guard = order.instructions.guardConnectionId;
    if (guard !== null) this.#byGuard.keep(guard, order);
    const at = deadlineOf(order);
    if (at === null) this.#expiring.delete(id);
    else this.#expiring.set(id, { at, createdAt });
    const waitMs = fundsWaitMs(order, this.#clock.now());
    if (waitMs === null) this.#unfunded.delete(id);
    else this.#unfunded.set(id, { at: steadyNow(this.#clock) + waitMs, createdAt });
  }

  /** Removes it from the connection that guarded it, if that no longer does. */
  #letGo({ id, instructions }: RecordedOrder): void {
    const guard = this.#orders.get(id)?.instructions.guardConnectionId ?? null;
    if (guard !== null && guard !== instructions.guardConnectionId) this.#byGuard.drop(guard, id);
  }

  #forget({ id, accountId, instructions: { guardConnectionId } }: RecordedOrder): void {
    this.#byAccount.drop(accountId, id);
    if (guardConnectionId !== null) this.#byGuard.drop(guardConnectionId, id);
    this.#expiring.delete(id);
    this.#unfunded.delete(id);
  }
}

/** When an order ends, by one of the clocks, in milliseconds, and its sequence for equal times. */
interface Expiry {
  readonly at: number;
  readonly createdAt: number;
}

function isEarlier(left: Expiry, right: Expiry): boolean {
  return left.at < right.at || (left.at === right.at && left.createdAt < right.createdAt);
}

function firstDue({ first, firstKey }: KeyedHeap<OrderId, Expiry>, byMs: number) {
  return first !== undefined && first.at <= byMs ? firstKey : undefined;
}

/** Names what an account has in an instrument; `/` is in neither id. */
export function positionKey(accountId: AccountId, symbol: InstrumentSymbol): string {
  return `${accountId}/${symbol}`;
}

function guardsOf(orders: JournalRecord['orders']): readonly string[] {
  return orders.flatMap(({ instructions }) => instructions.guardConnectionId ?? []);
}
