import type { InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { LastPrice } from '../domain/last-price.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { waitsForRise, watchedPrice, type WatchedPrices } from '../domain/order-trigger.ts';
import type { MovedTrail } from './trails.ts';
import { type Waiting, waitingOf, WaitingQueue } from './waiting-queue.ts';

/**
 * However many trail a market that only rises, each move is stored: this many of them in a millisecond at most, and the rest
 * of the store's time is for everything else.
 */
const TRAILS_PER_MS = 4;

/** Where one order waits. */
interface Place {
  readonly symbol: InstrumentSymbol;
  readonly key: string;
}

/**
 * Orders that wait for a price, with the whole order or with one leg: sorted by what they watch, so that to
 * look for those that are met costs the same however many wait.
 */
export class WaitingOrders {
  readonly #queues = new Map<InstrumentSymbol, Map<string, WaitingQueue>>();
  readonly #places = new Map<OrderId, Place>();
  /** Those that a price has met and that are not set off yet, in the order in which that happened. */
  readonly #met = new Map<InstrumentSymbol, Map<OrderId, Waiting>>();
  /** Those that a quote has met; they stay here until the turn is stored that sets them off. */
  readonly #metByQuotes = new Set<OrderId>();
  /** Those that were met, and are not any more since the turn that is not stored yet. */
  readonly #metNoMore = new Set<OrderId>();
  /** While trailing stops stay where they are, milliseconds since the epoch. */
  #rest = { from: 0, until: 0 };

  /** Remembers an order as it is now, or forgets it when it waits no more. */
  keep(order: RecordedOrder): void {
    const waiting = waitingOf(order);
    if (this.#keepMet(order, waiting)) return;
    const { symbol } = order;
    const key = waiting === null ? null : keyOf(waiting);
    // One that stays in its queue keeps what its queue knows of it.
    if (this.#places.get(order.id)?.key !== key) this.#forget(order.id);
    if (waiting === null || key === null) return;
    const queues = this.#queues.get(symbol) ?? new Map<string, WaitingQueue>();
    const queue = queues.get(key) ?? new WaitingQueue(waiting);
    this.#queues.set(symbol, queues.set(key, queue));
    queue.add(waiting);
    this.#places.set(order.id, { symbol, key });
  }

  /** Instruments that have orders which wait for a price. */
  symbols(): readonly InstrumentSymbol[] {
    return [...new Set([...this.#queues.keys(), ...this.#met.keys()])];
  }

  /** The one that is to be set off next: met by these prices or by any that was seen before; undefined for none. */
  firstMet(symbol: InstrumentSymbol, prices: WatchedPrices): Waiting | undefined {
    this.#meet(symbol, prices);
    return this.#met.get(symbol)?.values().next().value;
  }

  /** Takes note of a trade on the book: whom it meets stays met, and trailing stops follow it, whatever is traded next. */
  seeTrade({ symbol, price }: LastPrice): void {
    const prices = { quote: null, lastPrice: price };
    this.#meet(symbol, prices);
    for (const { queue, watched } of this.#watched(symbol, prices)) queue.trails.see(watched, null);
  }

  /** A turn is stored: those that it has set off are not met any more. */
  stored(): void {
    for (const id of this.#metNoMore) this.#metByQuotes.delete(id);
    this.#metNoMore.clear();
  }

  /**
   * Takes over from what was in memory before the books were read again: whom a quote had met stays met, though the turn was lost
   * that set it off. Trades are another matter: those of a lost turn never were.
   * @param orderOf what is known of an order now
   */
  takeOver(before: WaitingOrders, orderOf: (id: OrderId) => RecordedOrder | undefined): void {
    for (const id of before.#metByQuotes) {
      const order = orderOf(id);
      if (order !== undefined) this.noteMet(order);
    }
  }

  /** Takes note that one is met, whatever the price is now. */
  noteMet(order: RecordedOrder): void {
    const waiting = waitingOf(order);
    if (waiting !== null) this.#noteMet(waiting);
  }

  /** Notes all that prices meet, the first to be set off first. */
  #meet(symbol: InstrumentSymbol, prices: WatchedPrices): void {
    for (
      let next = this.#nearestMet(symbol, prices);
      next !== undefined;
      next = this.#nearestMet(symbol, prices)
    )
      this.#noteMet(next);
  }

  #noteMet(waiting: Waiting): void {
    const { id, symbol } = waiting.order;
    if (waiting.trigger.source !== 'LAST_PRICE') this.#metByQuotes.add(id);
    this.#metNoMore.delete(id);
    this.#forget(id);
    const met = this.#met.get(symbol) ?? new Map<OrderId, Waiting>();
    this.#met.set(symbol, met.set(id, waiting));
  }

  /** The one that its price went past the furthest was reached first, and of several the oldest. */
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
   * Takes note of the prices of an instrument, which its trailing stops follow. @returns whether there is any that
   * {@link WaitingOrders.movedTrails} may move now
   */
  seePrices(instrument: Instrument, prices: WatchedPrices, nowMs: number): boolean {
    let isAnyBehind = false;
    for (const { queue, watched } of this.#watched(instrument.symbol, prices))
      if (queue.trails.see(watched, instrument)) isAnyBehind = true;
    return isAnyBehind && !this.#isResting(nowMs);
  }

  /**
   * Trailing stops of an instrument that stand elsewhere after the prices that were seen, each with where: this many at most,
   * and none for a moment after many.
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

  /** A clock that is set back does not make a rest longer. */
  #isResting(nowMs: number): boolean {
    return nowMs >= this.#rest.from && nowMs < this.#rest.until;
  }

  /** Queues whose price there is, with that. */
  #watched(symbol: InstrumentSymbol, prices: WatchedPrices) {
    return [...(this.#queues.get(symbol)?.values() ?? [])].flatMap((queue) => {
      const watched = watchedPrice(queue.side, queue, prices);
      return watched === null ? [] : [{ queue, watched }];
    });
  }

  /** One that was met stays so, whatever becomes of it, until it waits for another price or for none. */
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
