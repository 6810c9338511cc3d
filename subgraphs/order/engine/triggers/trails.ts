import type { OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import { isTriggerMet, type OrderTrigger, trailedPrice } from '../../domain/order-trigger.ts';
import type { OpenOrder, OrderSide } from '../../domain/order.ts';

/** A trailing stop with its new trigger price. */
export interface MovedTrail {
  readonly order: OpenOrder & RecordedOrder;
  readonly triggerPrice: Price;
  /** Whether a later price has come back to the new trigger price: the stop is met, and moves no further. */
  readonly isMet: boolean;
}

/** A trailing stop with its current trigger price. */
export interface Trailing {
  readonly order: OpenOrder & RecordedOrder;
  readonly trigger: Pick<OrderTrigger, 'triggerPrice' | 'trailing'>;
}

/** The number of prices that had been seen when a trail was added, or last moved. */
interface Seeing {
  since: number;
}

/** A price that was seen, with its number. */
interface Seen {
  readonly price: Price;
  readonly number: number;
  /** Whether a trail was added directly before, so that it is the first price this trail sees. */
  readonly isFirst: boolean;
}

/** One pass over all trails, which can take several turns. */
interface Pass {
  readonly ids: readonly OrderId[];
  next: number;
  /** The number of prices that had been seen when it began. */
  readonly seen: number;
  /** The worst of the best prices that trails have followed in it. */
  worst: Price;
  /** Whether no trail was added or moved since it began. */
  isQuiet: boolean;
}

/**
 * Trailing stops of one side that watch one price. Each follows the best price seen since it was added, and is met
 * when the price comes back to it. A turn moves only a few of them, so the path of the price is kept until all have
 * followed it.
 */
export class Trails {
  readonly #side: OrderSide;
  readonly #trails = new Map<OrderId, Trailing & Seeing>();
  /** The path of the price, oldest first: its turning points and its current value. Prices between them change nothing. */
  #path: Seen[] = [];
  #seen = 0;
  /** Whether a trail was added since the last price. */
  #isAnyNew = false;
  /** A price that all trails have followed, with the tick size at that time; null if there is none. */
  #followed: { readonly price: Price; readonly tickSize: Price } | null = null;
  #pass: Pass | null = null;

  constructor(side: OrderSide) {
    this.#side = side;
  }

  /** Adds a trail, which follows prices from now on, or replaces one, which also follows the earlier ones. */
  add({ order, trigger }: Trailing): void {
    const since = this.#trails.get(order.id)?.since;
    this.#isAnyNew ||= since === undefined;
    this.#trails.set(order.id, { order, trigger, since: since ?? this.#seen });
    this.#followed = null;
    if (this.#pass !== null) this.#pass.isQuiet = false;
  }

  /** Removes a trail, if it is there. */
  remove(orderId: OrderId): void {
    this.#trails.delete(orderId);
  }

  /**
   * Notes the watched price.
   * @param instrument null if its tick size has not changed
   * @returns false if it is certain that no trail has to move
   */
  see(price: Price, instrument: Pick<Instrument, 'tickSize'> | null): boolean {
    if (this.#trails.size === 0) {
      [this.#path, this.#pass] = [[], null];
      return false;
    }
    const isAllBehind = this.#pass === null && this.#path.length === 0;
    if (isAllBehind && this.#hasFollowed(price, instrument)) return false;
    const isFirst = this.#isAnyNew;
    if (!isFirst && this.#path.at(-1)?.price === price) return true;
    this.#isAnyNew = false;
    this.#seen += 1;
    if (this.#isOnTheWayTo(price)) this.#path.pop();
    this.#path.push({ price, number: this.#seen, isFirst });
    return true;
  }

  /** Trails whose trigger price moves: at most this many, the others with the next call. */
  moved(limit: number, instrument: Pick<Instrument, 'tickSize'>): readonly MovedTrail[] {
    const [first] = this.#path;
    if (first === undefined) return [];
    const pass = (this.#pass ??= this.#begin(first.price));
    const moved: MovedTrail[] = [];
    while (moved.length < limit) {
      const id = pass.ids[pass.next];
      if (id === undefined) {
        this.#end(pass, instrument.tickSize);
        break;
      }
      pass.next += 1;
      const next = this.#move(id, pass, instrument);
      if (next !== null) moved.push(next);
    }
    return moved;
  }

  #begin(first: Price): Pass {
    const worst = this.#path.reduce((best, { price }) => this.#better(price, best), first);
    return { ids: [...this.#trails.keys()], next: 0, seen: this.#seen, worst, isQuiet: true };
  }

  #move(id: OrderId, pass: Pass, instrument: Pick<Instrument, 'tickSize'>): MovedTrail | null {
    const trail = this.#trails.get(id);
    if (trail === undefined) return null;
    const { best, ...moved } = this.#follow(trail, instrument);
    trail.since = this.#seen;
    if (best !== null && this.#isBetter(pass.worst, best)) pass.worst = best;
    const isMoved = moved.triggerPrice !== trail.trigger.triggerPrice;
    if (best === null || isMoved) pass.isQuiet = false;
    return isMoved ? { order: trail.order, ...moved } : null;
  }

  /** Takes one trail along the part of the path that it has not followed yet. */
  #follow({ trigger, since }: Trailing & Seeing, instrument: Pick<Instrument, 'tickSize'>) {
    let [best, { triggerPrice }] = [null as Price | null, trigger];
    for (const { price, number } of this.#path) {
      if (number <= since) continue;
      const isTrailed = triggerPrice !== trigger.triggerPrice;
      // A trail that has not moved is met elsewhere, by its place in the queue.
      if (isTrailed && isTriggerMet(this.#side, { kind: 'TRAILING_STOP', triggerPrice }, price))
        return { best, triggerPrice, isMet: true };
      if (best !== null && !this.#isBetter(price, best)) continue;
      best = price;
      triggerPrice = trailedPrice(this.#side, { ...trigger, triggerPrice }, price, instrument);
    }
    return { best, triggerPrice, isMet: false };
  }

  /** All trails have followed the prices from before the pass; later ones are left to the next pass. */
  #end(pass: Pass, tickSize: Price): void {
    this.#pass = null;
    this.#path = this.#path.filter(({ number }) => number > pass.seen);
    this.#followed = pass.isQuiet ? { price: pass.worst, tickSize } : null;
  }

  /** Whether a price moves no trail, because all have followed one that is at least as good. */
  #hasFollowed(price: Price, instrument: Pick<Instrument, 'tickSize'> | null): boolean {
    const followed = this.#followed;
    if (followed === null || this.#isBetter(price, followed.price)) return false;
    return instrument === null || instrument.tickSize === followed.tickSize;
  }

  /** Whether the last price lies between its predecessor and this one, so that it is no turning point. */
  #isOnTheWayTo(price: Price): boolean {
    const [before, last] = [this.#path.at(-2), this.#path.at(-1)];
    if (before === undefined || last === undefined || last.isFirst) return false;
    return this.#isBetter(last.price, before.price) === this.#isBetter(price, last.price);
  }

  #better(one: Price, other: Price): Price {
    return this.#isBetter(one, other) ? one : other;
  }

  #isBetter(one: Price, other: Price): boolean {
    return this.#side === 'SELL' ? one > other : one < other;
  }
}
