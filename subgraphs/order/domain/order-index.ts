import { invariant } from '#shared/domain/invariant.ts';

/** How many neighbours share a page: a last old order keeps no more than this alive. */
const PAGE_SLOTS = 256;

interface Page<Order> {
  readonly slots: (Order | undefined)[];
  used: number;
}

/**
 * Orders by their priority. Priorities are given in rising order, so those that lie together came
 * together: pages of them stay small and near, where a table hashed by id misses the cache with every
 * look-up once it is large. A page goes with its last order.
 */
export class OrderIndex<Order> {
  readonly #pages = new Map<number, Page<Order>>();
  /** Empty pages, to be the next. */
  readonly #spares: Page<Order>[] = [];
  #size = 0;

  /** How many orders it holds. */
  get size(): number {
    return this.#size;
  }

  /** Undefined for a number that is not in. */
  get(priority: number): Order | undefined {
    return this.#pages.get(pageOf(priority))?.slots[priority % PAGE_SLOTS];
  }

  /** @throws Error (an invariant) when the number is taken */
  add(priority: number, order: Order): void {
    const page = this.#open(pageOf(priority));
    const slot = priority % PAGE_SLOTS;
    invariant(page.slots[slot] === undefined, 'a priority is given twice');
    page.slots[slot] = order;
    page.used += 1;
    this.#size += 1;
  }

  /** Takes out a number that is in. */
  delete(priority: number): void {
    const number = pageOf(priority);
    const page = this.#pages.get(number);
    const slot = priority % PAGE_SLOTS;
    invariant(page?.slots[slot] !== undefined, 'no order has this priority');
    page.slots[slot] = undefined;
    page.used -= 1;
    this.#size -= 1;
    if (page.used > 0) return;
    this.#pages.delete(number);
    this.#spares.push(page);
  }

  #open(number: number): Page<Order> {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const page = this.#spares.pop() ?? emptyPage();
    this.#pages.set(number, page);
    return page;
  }
}

function emptyPage<Order>(): Page<Order> {
  return { slots: new Array<undefined>(PAGE_SLOTS).fill(undefined), used: 0 };
}

function pageOf(priority: number): number {
  return Math.floor(priority / PAGE_SLOTS);
}
