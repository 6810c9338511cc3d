import type { OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { type OrderTrigger, trailedPrice } from '../domain/order-trigger.ts';
import type { OpenOrder, OrderSide } from '../domain/order.ts';

/** A trailing stop, and where its trigger price has come to. */
export interface MovedTrail {
  readonly order: OpenOrder & RecordedOrder;
  readonly triggerPrice: Price;
}

/** A trailing stop as it stands. */
export interface Trailing {
  readonly order: OpenOrder & RecordedOrder;
  readonly trigger: Pick<OrderTrigger, 'triggerPrice' | 'trailing'>;
}

/** A price, by its number among those that were seen. */
interface Seen {
  readonly price: Price;
  readonly number: number;
}

/** A look at every trail, one after the other: it may take several turns. */
interface Pass {
  readonly ids: readonly OrderId[];
  next: number;
  /** How many prices had been seen when it began. */
  readonly seen: number;
  /** The worst of what trails have followed in it. */
  worst: Price;
  /** Whether no trail came or moved since it began. */
  isQuiet: boolean;
}

/**
 * Trailing stops that watch one price for one side. Each follows the best price that was seen since it came, though a turn
 * moves only a few of them: what was seen meanwhile is kept until all have followed it.
 */
export class Trails {
  readonly #side: OrderSide;
  /** Each with how many prices had been seen when it came, or was looked at last. */
  readonly #trails = new Map<OrderId, Trailing & { since: number }>();
  /** Prices that are better than all that were seen after them, the best and oldest first. */
  #best: Seen[] = [];
  #seen = 0;
  /** A price that all are known to have followed, with the tick of that time. */
  #followed: { readonly price: Price; readonly tickSize: Price } | null = null;
  #pass: Pass | null = null;

  constructor(side: OrderSide) {
    this.#side = side;
  }

  /** Takes one in, which follows what is seen from now on; one that is in already still follows what was seen before. */
  add({ order, trigger }: Trailing): void {
    const since = this.#trails.get(order.id)?.since ?? this.#seen;
    this.#trails.set(order.id, { order, trigger, since });
    this.#followed = null;
    if (this.#pass !== null) this.#pass.isQuiet = false;
  }

  /** Lets one go. */
  remove(orderId: OrderId): void {
    this.#trails.delete(orderId);
  }

  /**
   * Takes note of the watched price. @returns whether any is to follow, as far as is known without looking at each
   * @param instrument null for one whose tick is as it was
   */
  see(price: Price, instrument: Pick<Instrument, 'tickSize'> | null): boolean {
    if (this.#trails.size === 0) {
      [this.#best, this.#pass] = [[], null];
      return false;
    }
    if (this.#pass === null && this.#hasFollowed(price, instrument)) return this.#best.length > 0;
    this.#seen += 1;
    while (this.#best.length > 0 && !this.#isBetter(this.#best.at(-1)?.price ?? price, price))
      this.#best.pop();
    this.#best.push({ price, number: this.#seen });
    return true;
  }

  /** Those that stand elsewhere after what was seen, each with where: so many at most, and the others next time. */
  moved(limit: number, instrument: Pick<Instrument, 'tickSize'>): readonly MovedTrail[] {
    const [best] = this.#best;
    if (best === undefined) return [];
    const pass = (this.#pass ??= this.#begin(best.price));
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

  #begin(worst: Price): Pass {
    return { ids: [...this.#trails.keys()], next: 0, seen: this.#seen, worst, isQuiet: true };
  }

  #move(id: OrderId, pass: Pass, instrument: Pick<Instrument, 'tickSize'>): MovedTrail | null {
    const trail = this.#trails.get(id);
    if (trail === undefined) return null;
    const { order, trigger, since } = trail;
    const best = this.#best.find(({ number }) => number > since);
    trail.since = this.#seen;
    if (best === undefined) {
      pass.isQuiet = false;
      return null;
    }
    if (this.#isBetter(pass.worst, best.price)) pass.worst = best.price;
    const triggerPrice = trailedPrice(this.#side, trigger, best.price, instrument);
    if (triggerPrice === trigger.triggerPrice) return null;
    pass.isQuiet = false;
    return { order, triggerPrice };
  }

  /** What was seen before the pass is followed by all; what was seen since is for the next one. */
  #end(pass: Pass, tickSize: Price): void {
    this.#pass = null;
    this.#best = this.#best.filter(({ number }) => number > pass.seen);
    this.#followed = pass.isQuiet ? { price: pass.worst, tickSize } : null;
  }

  /** Only a better price than all before moves a trail, and the better it is the further. */
  #hasFollowed(price: Price, instrument: Pick<Instrument, 'tickSize'> | null): boolean {
    const followed = this.#followed;
    if (followed === null || this.#isBetter(price, followed.price)) return false;
    return instrument === null || instrument.tickSize === followed.tickSize;
  }

  #isBetter(one: Price, other: Price): boolean {
    return this.#side === 'SELL' ? one > other : one < other;
  }
}
