import type { AccountId, OrderId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { isWholeUnits } from './instrument-units.ts';
import { OrderIndex } from './order-index.ts';
import type { OrderSide } from './order.ts';
import { PriceLevels, type RankedLevel } from './price-levels.ts';

/**
 * An order waiting in a book, as the book knows it. Prices are whole ticks and quantities whole
 * quantity steps, both safe integers (`instrument-units.ts`). The book alone changes it, and makes it
 * another order once it has left: it is to be looked at, not kept.
 */
export interface RestingOrder {
  readonly orderId: OrderId;
  /** Orders of one trade group do not trade with each other. */
  readonly tradeGroupId: AccountId;
  /** Its place among all orders of its price, and the book's name for it; lower came first. */
  readonly priority: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  /** What can be traded of it at its place; at least one step while it rests. */
  readonly shownSteps: number;
  /** What an iceberg has left beside that. */
  readonly hiddenSteps: number;
  /** How much an iceberg shows anew once all that it showed is traded; null shows everything. */
  readonly displaySteps: number | null;
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
export type NewRestingOrder = Omit<RestingOrder, 'younger'>;

// Messages of invariants are constant here: putting one together costs more than the step it guards.

/** Links are kept in the orders themselves, so that taking one out of its level is one step. */
class QueuedOrder implements RestingOrder {
  orderId: OrderId;
  tradeGroupId: AccountId;
  level: Level;
  displaySteps: number | null;
  priority: number;
  shownSteps: number;
  hiddenSteps: number;
  older: QueuedOrder | null = null;
  younger: QueuedOrder | null = null;

  constructor(order: NewRestingOrder, level: Level) {
    this.orderId = order.orderId;
    this.tradeGroupId = order.tradeGroupId;
    this.level = level;
    this.displaySteps = order.displaySteps;
    this.priority = order.priority;
    this.shownSteps = order.shownSteps;
    this.hiddenSteps = order.hiddenSteps;
  }

  /** Becomes another order. */
  become(order: NewRestingOrder, level: Level): void {
    this.orderId = order.orderId;
    this.tradeGroupId = order.tradeGroupId;
    this.level = level;
    this.displaySteps = order.displaySteps;
    this.priority = order.priority;
    this.shownSteps = order.shownSteps;
    this.hiddenSteps = order.hiddenSteps;
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
    invariant(this.first !== null, 'an empty level is open');
    return this.first;
  }

  append(order: QueuedOrder): void {
    order.older = this.last;
    order.younger = null;
    if (this.last === null) this.first = order;
    else this.last.younger = order;
    this.last = order;
  }

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
  readonly #orders = new OrderIndex<QueuedOrder>();
  readonly #sides = { BUY: new BookSide(), SELL: new BookSide() };
  /**
   * Orders that left, to be the next that come: with a million that rest, new objects that outlive
   * several collections would make up half of what a command costs.
   */
  readonly #spares: QueuedOrder[] = [];

  /** Orders that rest. */
  get orderCount(): number {
    return this.#orders.size;
  }

  /** The highest bid or the lowest ask, with the levels behind it by `worse`; null when empty. */
  best(side: OrderSide): BookLevel | null {
    return this.#sides[side].levels.best;
  }

  /** Null for an order that does not rest here. */
  find(priority: number): RestingOrder | null {
    return this.#orders.get(priority) ?? null;
  }

  /**
   * Puts an order behind all others of its price; priorities are expected to rise.
   * @throws Error (an invariant) on a priority that is taken, or on parts of ticks and steps
   */
  add(order: NewRestingOrder): void {
    const { side, priceTicks, shownSteps, hiddenSteps } = order;
    invariant(isWholeUnits(priceTicks), 'an order rests at no whole price');
    invariant(isWholeUnits(shownSteps), 'an order rests with no whole quantity');
    invariant(hiddenSteps === 0 || isWholeUnits(hiddenSteps), 'an order hides a part of a step');
    const queued = this.#queue(order, this.#sides[side].open(side, priceTicks));
    this.#orders.add(order.priority, queued);
    queued.level.append(queued);
  }

  /**
   * Takes what was traded off an order. An iceberg whose shown part is gone shows anew, behind all
   * others of its price, at the priority that is then asked for; with nothing left it leaves the book.
   * @returns the order after it; null when it has left @throws Error (an invariant) when it does not rest or shows less
   */
  fill(priority: number, steps: number, nextPriority: () => number): RestingOrder | null {
    const order = this.#resting(priority);
    invariant(steps > 0 && steps <= order.shownSteps, 'an order trades more than it shows');
    order.shownSteps -= steps;
    if (order.shownSteps > 0) return order;
    if (order.hiddenSteps > 0) return this.#refill(order, nextPriority());
    this.#take(order);
    return null;
  }

  /**
   * Takes quantity off an order, what it hides first; it keeps its place. With nothing left it leaves
   * the book.
   * @returns the order after it; null when it has left @throws Error (an invariant) when it does not rest or has less
   */
  reduce(priority: number, steps: number): RestingOrder | null {
    const order = this.#resting(priority);
    const hidden = Math.min(steps, order.hiddenSteps);
    invariant(steps > 0 && steps - hidden <= order.shownSteps, 'an order loses more than it has');
    order.hiddenSteps -= hidden;
    order.shownSteps -= steps - hidden;
    if (order.shownSteps > 0) return order;
    this.#take(order);
    return null;
  }

  /** Takes an order out. @returns whether it was in. */
  remove(priority: number): boolean {
    const order = this.#orders.get(priority);
    if (order === undefined) return false;
    this.#take(order);
    return true;
  }

  #queue(order: NewRestingOrder, level: Level): QueuedOrder {
    const spare = this.#spares.pop();
    if (spare === undefined) return new QueuedOrder(order, level);
    spare.become(order, level);
    return spare;
  }

  #resting(priority: number): QueuedOrder {
    const order = this.#orders.get(priority);
    invariant(order !== undefined, 'the order does not rest here');
    return order;
  }

  #refill(order: QueuedOrder, priority: number): QueuedOrder {
    this.#orders.delete(order.priority);
    order.level.detach(order);
    order.priority = priority;
    order.shownSteps = Math.min(order.hiddenSteps, order.displaySteps ?? order.hiddenSteps);
    order.hiddenSteps -= order.shownSteps;
    this.#orders.add(priority, order);
    order.level.append(order);
    return order;
  }

  #take(order: QueuedOrder): void {
    const { level } = order;
    this.#orders.delete(order.priority);
    level.detach(order);
    if (level.first === null) this.#sides[level.side].close(level);
    this.#spares.push(order);
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

/** All that can still be traded of a resting order. */
export function leavesOf({ shownSteps, hiddenSteps }: RestingOrder): number {
  return shownSteps + hiddenSteps;
}
