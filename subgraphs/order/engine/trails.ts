import type { OrderId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { isTriggerMet, type OrderTrigger, trailedPrice } from '../domain/order-trigger.ts';
import type { OpenOrder, OrderSide } from '../domain/order.ts';

/** A trailing stop, and where its trigger price has come to. */
export interface MovedTrail {
  readonly order: OpenOrder & RecordedOrder;
  readonly triggerPrice: Price;
  /** Whether a price that was seen since has come back to there: it is met, and goes no further. */
  readonly isMet: boolean;
}

/** A trailing stop as it stands. */
export interface Trailing {
  readonly order: OpenOrder & RecordedOrder;
  readonly trigger: Pick<OrderTrigger, 'triggerPrice' | 'trailing'>;
}

/** How many prices had been seen when a trail came, or was looked at last. */
interface Seeing {
  since: number;
}

/** A price, by its number among those that were seen. */
interface Seen {
  readonly price: Price;
  readonly number: number;
  /** Whether it is the first that some trail has seen. */
  readonly isFirst: boolean;
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
 * Trailing stops that watch one price for one side. Each follows the best price that was seen since it came, and is met by
 * one that came back to it, though a turn moves only a few of them: the way that the price went meanwhile is kept until all
 * have followed it.
 */
export class Trails {
  readonly #side: OrderSide;
  readonly #trails = new Map<OrderId, Trailing & Seeing>();
  /** The way of the price, the oldest first: where it turned, and where it is. Nothing between can move or meet a trail. */
  #path: Seen[] = [];
  #seen = 0;
  /** Whether a trail has come since the last one. */
  #isAnyNew = false;
  /** A price that all are known to have followed, with the tick of that time. */
  #followed: { readonly price: Price; readonly tickSize: Price } | null = null;
  #pass: Pass | null = null;

  constructor(side: OrderSide) {
    this.#side = side;
  }

  /** Takes one in, which follows what is seen from now on; one that is in already still follows what was seen before. */
  add({ order, trigger }: Trailing): void {
    const since = this.#trails.get(order.id)?.since;
    this.#isAnyNew ||= since === undefined;
    this.#trails.set(order.id, { order, trigger, since: since ?? this.#seen });
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

  /** Those that stand elsewhere after what was seen, each with where: this many at most, and the others next time. */
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

  /** The way of the price once more, for one trail from when it came on. */
  #follow({ trigger, since }: Trailing & Seeing, instrument: Pick<Instrument, 'tickSize'>) {
    let [best, { triggerPrice }] = [null as Price | null, trigger];
    for (const { price, number } of this.#path) {
      if (number <= since) continue;
      const isTrailed = triggerPrice !== trigger.triggerPrice;
      // Whom a price met where it stood is met already.
      if (isTrailed && isTriggerMet(this.#side, { kind: 'TRAILING_STOP', triggerPrice }, price))
        return { best, triggerPrice, isMet: true };
      if (best !== null && !this.#isBetter(price, best)) continue;
      best = price;
      triggerPrice = trailedPrice(this.#side, { ...trigger, triggerPrice }, price, instrument);
    }
    return { best, triggerPrice, isMet: false };
  }

  /** What was seen before the pass is followed by all; what was seen since is for the next one. */
  #end(pass: Pass, tickSize: Price): void {
    this.#pass = null;
    this.#path = this.#path.filter(({ number }) => number > pass.seen);
    this.#followed = pass.isQuiet ? { price: pass.worst, tickSize } : null;
  }

  /** Only a better price than all before moves a trail, and the better it is the further. */
  #hasFollowed(price: Price, instrument: Pick<Instrument, 'tickSize'> | null): boolean {
    const followed = this.#followed;
    if (followed === null || this.#isBetter(price, followed.price)) return false;
    return instrument === null || instrument.tickSize === followed.tickSize;
  }

  /** Whether the last price is only on the way from the one before it to this one. */
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
