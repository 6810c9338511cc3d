import type { InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { LastPrice } from '../../domain/last-price.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import type { ReferenceQuote } from '../../domain/rules/price-collar.ts';
import { waitsForRise, watchedPrice, type WatchedPrices } from '../../domain/order-trigger.ts';
import type { MovedTrail } from './trails.ts';
import { type Waiting, waitingOf, WaitingQueue } from './waiting-queue.ts';

/**
 * The most moves of trailing stops a millisecond. Each is stored, and in a market that only rises all of them would take
 * the store's whole time.
 */
const TRAILS_PER_MS = 4;

/** Where one order waits. */
interface Place {
  readonly symbol: InstrumentSymbol;
  readonly key: string;
}

/**
 * Orders that wait for a price, either as a whole or with one leg. They are sorted by what they watch, so that finding
 * those that are met costs the same however many wait.
 */
export class WaitingOrders {
  readonly #queues = new Map<InstrumentSymbol, Map<string, WaitingQueue>>();
  readonly #places = new Map<OrderId, Place>();
  /** Orders that a price has met and that are not triggered yet, in the order in which they were met. */
  readonly #met = new Map<InstrumentSymbol, Map<OrderId, Waiting>>();
  /** Orders that a quote has met, until the turn that triggers them is stored. */
  readonly #metByQuotes = new Set<OrderId>();
  /** Orders that the turn in progress has triggered or changed, so that they are no longer met once it is stored. */
  readonly #metNoMore = new Set<OrderId>();
  /** While trailing stops do not move, milliseconds since the epoch. */
  #rest = { from: 0, until: 0 };

  /** Remembers an order as it is now, or forgets it if it no longer waits. */
  keep(order: RecordedOrder): void {
    const waiting = waitingOf(order);
    if (this.#keepMet(order, waiting)) return;
    const { symbol } = order;
    const key = waiting === null ? null : keyOf(waiting);
    // An order that stays in its queue keeps what the queue has noted about it.
    if (this.#places.get(order.id)?.key !== key) this.#forget(order.id);
    if (waiting === null || key === null) return;
    const queues = this.#queues.get(symbol) ?? new Map<string, WaitingQueue>();
    const queue = queues.get(key) ?? new WaitingQueue(waiting);
    this.#queues.set(symbol, queues.set(key, queue));
    queue.add(waiting);
    this.#places.set(order.id, { symbol, key });
  }

  /** Instruments with orders that wait for a price. */
  symbols(): readonly InstrumentSymbol[] {
    return [...new Set([...this.#queues.keys(), ...this.#met.keys()])];
  }

  /** The order to trigger next, met by these prices or by earlier ones; undefined for none. */
  firstMet(symbol: InstrumentSymbol, prices: WatchedPrices): Waiting | undefined {
    this.#meet(symbol, prices);
    return this.#met.get(symbol)?.values().next().value;
  }

  /**
   * Notes a trade on the book: orders that it meets stay met, and trailing stops follow it, whatever trades next.
   * @param quote the market at that time; a trade in a stale one, null, moves nothing
   */
  seeTrade({ symbol, price }: LastPrice, quote: ReferenceQuote | null): void {
    const prices = { quote, lastPrice: price };
    this.#meet(symbol, prices, true);
    for (const { queue, watched } of this.#watched(symbol, prices)) queue.trails.see(watched, null);
  }

  /** A turn is stored: the orders that it triggered are no longer met. */
  stored(): void {
    for (const id of this.#metNoMore) this.#metByQuotes.delete(id);
    this.#metNoMore.clear();
  }

  /**
   * Carries over from the memory before the books were read again: orders that a quote has met stay met, although the turn
   * that triggered them was lost. This does not hold for trades, because those of a lost turn never happened.
   * @param orderOf the current state of an order
   */
  carryOver(before: WaitingOrders, orderOf: (id: OrderId) => RecordedOrder | undefined): void {
    for (const id of before.#metByQuotes) {
      const order = orderOf(id);
      const waiting = order === undefined ? null : waitingOf(order);
      if (waiting !== null) this.#noteMet(waiting, false);
    }
  }

  /** Notes that an order is met, whatever the price is now. What has met it may have been a trade. */
  noteMet(order: RecordedOrder): void {
    const waiting = waitingOf(order);
    if (waiting !== null) this.#noteMet(waiting, true);
  }

  /** Notes all orders that prices meet, in the order in which they are to be triggered. */
  #meet(symbol: InstrumentSymbol, prices: WatchedPrices, isTrade = false): void {
    for (
      let next = this.#nearestMet(symbol, prices);
      next !== undefined;
      next = this.#nearestMet(symbol, prices)
    )
      this.#noteMet(next, isTrade);
  }

  #noteMet(waiting: Waiting, isByTrade: boolean): void {
    const { id, symbol } = waiting.order;
    if (!isByTrade || waiting.trigger.source !== 'LAST_PRICE') this.#metByQuotes.add(id);
    this.#metNoMore.delete(id);
    this.#forget(id);
    const met = this.#met.get(symbol) ?? new Map<OrderId, Waiting>();
    this.#met.set(symbol, met.set(id, waiting));
  }

  /** The order whose trigger price was passed by most was reached first; of several, the oldest. */
  #nearestMet(symbol: InstrumentSymbol, prices: WatchedPrices): Waiting | undefined {
    const met = this.#watched(symbol, prices).flatMap(({ queue, watched }) => {
      const waiting = queue.firstMet(watched);
      if (waiting === undefined) return [];
      const past = watched - waiting.trigger.triggerPrice;
      return [{ waiting, past: past < 0n ? -past : past }];
    });
    met.sort(
      (left, right) =>
        Number(right.past > left.past) - Number(right.past < left.past) ||
        left.waiting.order.state.priority - right.waiting.order.state.priority,
    );
    return met[0]?.waiting;
  }

  /**
   * Notes the prices of an instrument, which its trailing stops follow.
   * @returns whether {@link WaitingOrders.movedTrails} may move any now
   */
  seePrices(instrument: Instrument, prices: WatchedPrices, nowMs: number): boolean {
    let isAnyBehind = false;
    for (const { queue, watched } of this.#watched(instrument.symbol, prices))
      if (queue.trails.see(watched, instrument)) isAnyBehind = true;
    return isAnyBehind && !this.#isResting(nowMs);
  }

  /**
   * Trailing stops of an instrument with the trigger prices to which the prices seen move them: at most this many, and
   * none for a moment after many.
   */
  movedTrails(instrument: Instrument, limit: number, nowMs: number): readonly MovedTrail[] {
    if (this.#isResting(nowMs)) return [];
    const moved: MovedTrail[] = [];
    for (const { trails } of this.#queues.get(instrument.symbol)?.values() ?? [])
      moved.push(...trails.moved(limit - moved.length, instrument));
    const restMs = Math.floor(moved.length / TRAILS_PER_MS);
    if (restMs > 0) this.#rest = { from: nowMs, until: nowMs + restMs };
    return moved;
  }

  /** Whether trailing stops rest; a clock that is set back does not prolong that. */
  #isResting(nowMs: number): boolean {
    return nowMs >= this.#rest.from && nowMs < this.#rest.until;
  }

  /** The queues whose price is known, each with it. */
  #watched(symbol: InstrumentSymbol, prices: WatchedPrices) {
    return [...(this.#queues.get(symbol)?.values() ?? [])].flatMap((queue) => {
      const watched = watchedPrice(queue.side, queue, prices);
      return watched === null ? [] : [{ queue, watched }];
    });
  }

  /** Keeps an order that was met as met, unless it waits for another price now, or for none. @returns whether it did */
  #keepMet({ id, symbol }: RecordedOrder, waiting: Waiting | null): boolean {
    const met = this.#met.get(symbol);
    const before = met?.get(id);
    if (met === undefined || before === undefined) return false;
    if (waiting !== null && waiting.trigger.triggerPrice === before.trigger.triggerPrice) {
      met.set(id, waiting);
      return true;
    }
    met.delete(id);
    this.#metNoMore.add(id);
    if (met.size === 0) this.#met.delete(symbol);
    return false;
  }

  #forget(orderId: OrderId): void {
    const place = this.#places.get(orderId);
    if (place === undefined) return;
    this.#places.delete(orderId);
    const queues = this.#queues.get(place.symbol);
    const queue = queues?.get(place.key);
    queue?.remove(orderId);
    if (queue?.isEmpty === true) queues?.delete(place.key);
    if (queues?.size === 0) this.#queues.delete(place.symbol);
  }
}

function keyOf({ order: { side }, trigger: { source, kind } }: Waiting): string {
  return `${source} ${side} ${waitsForRise(side, kind) ? 'rise' : 'fall'}`;
}
