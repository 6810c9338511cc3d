import type { OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { isWholeUnits } from './instrument-units.ts';
import type { OrderSide } from './order.ts';
import { PriceLevels, type RankedLevel } from './price-levels.ts';

/**
 * An order waiting in a book, as the book knows it. Prices are whole ticks and quantities whole
 * quantity steps, both safe integers (`instrument-units.ts`). The book alone changes it.
 */
export interface RestingOrder {
  readonly orderId: OrderId;
  readonly side: OrderSide;
  readonly priceTicks: number;
  /** What can still be done of it; at least one step while it rests. */
  readonly leavesSteps: number;
  /** The order behind it at the same price. */
  readonly younger: RestingOrder | null;
}

/** All orders of one side at one price, oldest first; never empty. */
export interface BookLevel {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly oldest: RestingOrder;
  /** The next level away from the other side. */
  readonly worse: BookLevel | null;
}

/** An order to put in a book. */
export type NewRestingOrder = Pick<RestingOrder, 'orderId' | 'side' | 'priceTicks' | 'leavesSteps'>;

/** Links are kept in the orders themselves, so that taking one out of its level is one step. */
class QueuedOrder implements RestingOrder {
  readonly orderId: OrderId;
  readonly level: Level;
  leavesSteps: number;
  older: QueuedOrder | null = null;
  younger: QueuedOrder | null = null;

  constructor(orderId: OrderId, level: Level, leavesSteps: number) {
    this.orderId = orderId;
    this.level = level;
    this.leavesSteps = leavesSteps;
  }

  get side(): OrderSide {
    return this.level.side;
  }

  get priceTicks(): number {
    return this.level.priceTicks;
  }
}

class Level implements BookLevel, RankedLevel<Level> {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly rank: number;
  better: Level | null = null;
  worse: Level | null = null;
  first: QueuedOrder | null = null;
  last: QueuedOrder | null = null;

  constructor(side: OrderSide, priceTicks: number) {
    this.side = side;
    this.priceTicks = priceTicks;
    this.rank = side === 'SELL' ? priceTicks : -priceTicks;
  }

  get oldest(): RestingOrder {
    invariant(this.first !== null, `the level at ${this.priceTicks} is empty`);
    return this.first;
  }

  append(order: QueuedOrder): void {
    order.older = this.last;
    if (this.last === null) this.first = order;
    else this.last.younger = order;
    this.last = order;
  }

  /** The order's own links stay, so that a walk which stands on it can still go on. */
  detach(order: QueuedOrder): void {
    if (order.older === null) this.first = order.younger;
    else order.older.younger = order.younger;
    if (order.younger === null) this.last = order.older;
    else order.younger.older = order.older;
  }
}

/**
 * The book of one instrument: price first, then time. Everything is one step or the time of a
 * search among levels, however many orders rest. It only keeps orders; `match-order.ts` says what
 * trades, and nothing here prevents a crossed book but its callers.
 */
export class OrderBook {
  readonly #orders = new Map<OrderId, QueuedOrder>();
  readonly #sides = { BUY: new BookSide(), SELL: new BookSide() };

  /** Orders that rest. */
  get orderCount(): number {
    return this.#orders.size;
  }

  /** The highest bid or the lowest ask, with the levels behind it by `worse`; null when empty. */
  best(side: OrderSide): BookLevel | null {
    return this.#sides[side].levels.best;
  }

  /** Null for an order that does not rest here. */
  find(orderId: OrderId): RestingOrder | null {
    return this.#orders.get(orderId) ?? null;
  }

  /** Puts an order behind all others of its price. @throws Error (an invariant) on a known id. */
  add({ orderId, side, priceTicks, leavesSteps }: NewRestingOrder): void {
    invariant(!this.#orders.has(orderId), `order ${orderId} rests already`);
    invariant(isWholeUnits(priceTicks), `order ${orderId} has a price of ${priceTicks} ticks`);
    invariant(isWholeUnits(leavesSteps), `order ${orderId} has ${leavesSteps} steps`);
    const level = this.#sides[side].open(side, priceTicks);
    const order = new QueuedOrder(orderId, level, leavesSteps);
    level.append(order);
    this.#orders.set(orderId, order);
  }

  /**
   * Takes quantity off an order, which keeps its place; with nothing left it leaves the book.
   * @throws Error (an invariant) when it does not rest or has less.
   */
  reduce(orderId: OrderId, steps: number): void {
    const order = this.#orders.get(orderId);
    invariant(order !== undefined, `order ${orderId} does not rest`);
    invariant(steps > 0 && steps <= order.leavesSteps, `order ${orderId} cannot lose ${steps}`);
    order.leavesSteps -= steps;
    if (order.leavesSteps === 0) this.#take(order);
  }

  /** Takes an order out. @returns whether it was in. */
  remove(orderId: OrderId): boolean {
    const order = this.#orders.get(orderId);
    if (order !== undefined) this.#take(order);
    return order !== undefined;
  }

  #take(order: QueuedOrder): void {
    this.#orders.delete(order.orderId);
    order.level.detach(order);
    if (order.level.first === null) this.#sides[order.side].close(order.level);
  }
}

/** The levels of one side, in order and by price. */
class BookSide {
  readonly levels = new PriceLevels<Level>();
  readonly #byPrice = new Map<number, Level>();

  open(side: OrderSide, priceTicks: number): Level {
    const known = this.#byPrice.get(priceTicks);
    if (known !== undefined) return known;
    const level = new Level(side, priceTicks);
    this.#byPrice.set(priceTicks, level);
    this.levels.insert(level);
    return level;
  }

  close(level: Level): void {
    this.#byPrice.delete(level.priceTicks);
    this.levels.remove(level);
  }
}
