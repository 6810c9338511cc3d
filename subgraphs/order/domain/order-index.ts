import { invariant } from '#shared/domain/invariant.ts';
import { NONE } from './order-queues.ts';

/** How many neighbours share a page: a last old order keeps no more than this alive. */
const PAGE_ORDERS = 1024;

interface Page {
  /** Slots plus one, 0 where no order is. */
  readonly slots: Int32Array;
  used: number;
}

/**
 * The slots of orders by their priority. Priorities are given in rising order, so those that lie
 * together came together: pages of them stay small and near, where a table hashed by id misses the cache
 * with every look-up once it is large. A page goes with its last order.
 */
export class OrderIndex {
  readonly #pages = new Map<number, Page>();
  /** Empty pages, to be the next. */
  readonly #spares: Page[] = [];
  #size = 0;

  /** How many orders it holds. */
  get size(): number {
    return this.#size;
  }

  /** NONE for a number that is not in. */
  get(priority: number): number {
    const slot = this.#pages.get(pageOf(priority))?.slots[priority % PAGE_ORDERS] ?? 0;
    return slot === 0 ? NONE : slot - 1;
  }

  /** Puts in a number that is not in. */
  add(priority: number, slot: number): void {
    const page = this.#open(pageOf(priority));
    page.slots[priority % PAGE_ORDERS] = slot + 1;
    page.used += 1;
    this.#size += 1;
  }

  /** Takes out a number that is in. */
  delete(priority: number): void {
    const number = pageOf(priority);
    const page = this.#pages.get(number);
    invariant(page !== undefined, 'no order has this priority');
    page.slots[priority % PAGE_ORDERS] = 0;
    page.used -= 1;
    this.#size -= 1;
    if (page.used > 0) return;
    this.#pages.delete(number);
    this.#spares.push(page);
  }

  #open(number: number): Page {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const page = this.#spares.pop() ?? { slots: new Int32Array(PAGE_ORDERS), used: 0 };
    this.#pages.set(number, page);
    return page;
  }
}

function pageOf(priority: number): number {
  return Math.floor(priority / PAGE_ORDERS);
}
