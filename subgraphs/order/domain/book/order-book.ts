import { invariant } from '#shared/domain/invariant.ts';
import { isWholeUnits } from '../instrument-units.ts';
import { MetOrder } from './met-order.ts';
import { OrderIndex } from './order-index.ts';
import { NONE, OrderQueues } from './order-queues.ts';
import { OrderRows } from './order-rows.ts';
import type { OrderSide } from '../order.ts';
import { PriceLevel } from './price-level.ts';
import { PriceLevels } from './price-levels.ts';
import type { BookLevel, NewRestingOrder, RestingOrder } from './resting-order.ts';

// Messages of invariants are constant here: building one costs more than the step it guards.

/**
 * The book of one instrument: price first, then time. Everything takes one step or a search among
 * levels, however many orders rest. It only keeps orders; `match-order.ts` decides what trades, and
 * only its callers prevent a crossed book.
 */
export class OrderBook {
  readonly #slots = new OrderIndex();
  readonly #storage = { queues: new OrderQueues(), rows: new OrderRows() };
  readonly #sides = { BUY: new BookSide(), SELL: new BookSide() };
  /** By the numbers of their queues. */
  readonly #levels: PriceLevel[] = [];

  /** Orders that rest. */
  get orderCount(): number {
    return this.#slots.size;
  }

  /**
   * The highest bid or the lowest ask, followed by further levels through `worse`; null if there is
   * none.
   */
  best(side: OrderSide): BookLevel | null {
    return this.#sides[side].levels.best;
  }

  /** Null for an order that does not rest here. */
  find(priority: number): RestingOrder | null {
    return this.#find(priority);
  }

  /**
   * Puts an order after all others at its price; priorities must rise.
   * @throws Error (an invariant) for a priority that is taken, or for parts of ticks or steps
   */
  add(order: NewRestingOrder): void {
    const { priority, priceTicks, shownSteps, hiddenSteps } = order;
    invariant(isWholeUnits(priority), 'an order has no whole priority');
    invariant(this.#slots.get(priority) === NONE, 'a priority is given twice');
    invariant(isWholeUnits(priceTicks), 'an order rests at no whole price');
    invariant(isWholeUnits(shownSteps), 'an order rests with no whole quantity');
    invariant(hiddenSteps === 0 || isWholeUnits(hiddenSteps), 'an order hides a part of a step');
    this.#append(order);
  }

  /**
   * Reduces an order that was met by what was traded. An iceberg whose shown part is gone shows
   * again, after all others at its price, with a new priority; with nothing left it leaves the
   * book.
   * @returns the order after it; null if it has left
   * @throws Error (an invariant) if it does not rest or shows less
   */
  fill(order: RestingOrder, steps: number, nextPriority: () => number): RestingOrder | null {
    invariant(order instanceof MetOrder, 'the order was not met in a book');
    const { queues, rows } = this.#storage;
    const { slot, priority } = order;
    const rests = queues.isTaken(slot) && rows.priority(slot) === priority;
    invariant(rests, 'the order does not rest here');
    const shownSteps = rows.shownSteps(slot);
    invariant(steps > 0 && steps <= shownSteps, 'an order trades more than it shows');
    order.shownSteps = shownSteps - steps;
    order.hiddenSteps = rows.hiddenSteps(slot);
    if (order.shownSteps > 0) return this.#written(order);
    this.#take(priority, slot);
    return order.hiddenSteps > 0 ? this.#refill(order, nextPriority()) : null;
  }

  /**
   * Reduces an order, its hidden part first; it keeps its place. With nothing left it leaves the
   * book.
   * @returns the order after it; null if it has left
   * @throws Error (an invariant) if it does not rest or has less
   */
  reduce(priority: number, steps: number): RestingOrder | null {
    const order = this.#find(priority);
    invariant(order !== null, 'the order does not rest here');
    const hidden = Math.min(steps, order.hiddenSteps);
    invariant(steps > 0 && steps - hidden <= order.shownSteps, 'an order loses more than it has');
    order.hiddenSteps -= hidden;
    order.shownSteps -= steps - hidden;
    if (order.shownSteps > 0) return this.#written(order);
    this.#take(priority, order.slot);
    return null;
  }

  /** Takes an order out. @returns whether it was in */
  remove(priority: number): boolean {
    const slot = this.#slots.get(priority);
    if (slot === NONE) return false;
    this.#take(priority, slot);
    return true;
  }

  #find(priority: number): MetOrder | null {
    const slot = this.#slots.get(priority);
    return slot === NONE ? null : new MetOrder(this.#levelOf(slot), slot);
  }

  #levelOf(slot: number): PriceLevel {
    return this.#level(this.#storage.queues.queueOf(slot));
  }

  #level(queue: number): PriceLevel {
    const level = this.#levels[queue];
    invariant(level !== undefined, 'a queue has no level');
    return level;
  }

  #append(order: NewRestingOrder): number {
    const queue =
      this.#sides[order.side].queueAt(order.priceTicks) ?? this.#open(order.side, order.priceTicks);
    const slot = this.#storage.queues.append(queue);
    this.#storage.rows.write(slot, order);
    this.#slots.add(order.priority, slot);
    return slot;
  }

  #open(side: OrderSide, priceTicks: number): number {
    const level = new PriceLevel(side, priceTicks, this.#storage);
    this.#sides[side].open(level);
    this.#levels[level.queue] = level;
    return level.queue;
  }

  #written(order: MetOrder): MetOrder {
    this.#storage.rows.writeSteps(order.slot, order.shownSteps, order.hiddenSteps);
    return order;
  }

  /** Shows an iceberg again that has left its slot. */
  #refill(order: MetOrder, priority: number): MetOrder {
    const shownSteps = Math.min(order.hiddenSteps, order.displaySteps ?? order.hiddenSteps);
    order.priority = priority;
    order.shownSteps = shownSteps;
    order.hiddenSteps -= shownSteps;
    order.slot = this.#append(order);
    order.level = this.#levelOf(order.slot);
    return order;
  }

  #take(priority: number, slot: number): void {
    const { queues, rows } = this.#storage;
    this.#slots.delete(priority);
    rows.clear(slot);
    const emptied = queues.remove(slot);
    if (emptied === NONE) return;
    const level = this.#level(emptied);
    this.#sides[level.side].close(level);
    queues.close(emptied);
  }
}

/** The levels of one side, in order and by price. */
class BookSide {
  readonly levels = new PriceLevels<PriceLevel>();
  /** By price. */
  readonly #queues = new Map<number, number>();

  queueAt(priceTicks: number): number | undefined {
    return this.#queues.get(priceTicks);
  }

  open(level: PriceLevel): void {
    this.#queues.set(level.priceTicks, level.queue);
    this.levels.insert(level);
  }

  close(level: PriceLevel): void {
    this.#queues.delete(level.priceTicks);
    this.levels.remove(level);
  }
}
