import type { InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { waitsForRise, watchedPrice, type WatchedPrices } from '../domain/order-trigger.ts';
import type { MovedTrail } from './trails.ts';
import { type Waiting, waitingOf, WaitingQueue } from './waiting-queue.ts';

/**
 * However many trail a market that only rises, each move is stored: so many of them in a millisecond at most, and the rest
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
  /** Milliseconds since the epoch. */
  #trailsRestUntil = 0;

  /** Remembers an order as it is now, or forgets it when it waits no more. */
  keep(order: RecordedOrder): void {
    this.#forget(order.id);
    const waiting = waitingOf(order);
    if (waiting === null) return;
    const { symbol } = order;
    const key = keyOf(waiting);
    const queues = this.#queues.get(symbol) ?? new Map<string, WaitingQueue>();
    const queue = queues.get(key) ?? new WaitingQueue(waiting);
    this.#queues.set(symbol, queues.set(key, queue));
    queue.add(waiting);
    this.#places.set(order.id, { symbol, key });
  }

  /** Instruments that have orders which wait for a price. */
  symbols(): readonly InstrumentSymbol[] {
    return [...this.#queues.keys()];
  }

  /**
   * The one that is to be set off next; undefined when the prices set none off. The one that its price went past the
   * furthest was reached first, and of several the oldest.
   */
  firstMet(symbol: InstrumentSymbol, prices: WatchedPrices): Waiting | undefined {
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
    return isAnyBehind && nowMs >= this.#trailsRestUntil;
  }

  /**
   * Trailing stops of an instrument that stand elsewhere after the prices that were seen, each with where: so many at most,
   * and none for a moment after many.
   */
  movedTrails(instrument: Instrument, limit: number, nowMs: number): readonly MovedTrail[] {
    if (nowMs < this.#trailsRestUntil) return [];
    const moved: MovedTrail[] = [];
    for (const { trails } of this.#queues.get(instrument.symbol)?.values() ?? [])
      moved.push(...trails.moved(limit - moved.length, instrument));
    const restMs = Math.floor(moved.length / TRAILS_PER_MS);
    if (restMs > 0) this.#trailsRestUntil = nowMs + restMs;
    return moved;
  }

  /** Queues whose price there is, with that. */
  #watched(symbol: InstrumentSymbol, prices: WatchedPrices) {
    return [...(this.#queues.get(symbol)?.values() ?? [])].flatMap((queue) => {
      const watched = watchedPrice(queue.side, queue, prices);
      return watched === null ? [] : [{ queue, watched }];
    });
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
