import { invariant } from '#shared/domain/invariant.ts';
import { chunkLength, chunkOf, chunkStart } from './growing-chunks.ts';
import { NONE } from './order-queues.ts';

/** How many neighbors share a page: a single old order keeps no more memory than this. */
const PAGE_ORDERS = 1024;
/** The size of the first array in pages, in bits. */
const FIRST_BITS = 2;

/** Some pages, one after the other, from the number `start` on. */
interface Pages {
  readonly start: number;
  /** Slots plus one, 0 where no order is. */
  readonly slots: Int32Array;
}

/**
 * The slots of orders by their priority. Priorities are given in rising order, so neighbors arrived
 * together: pages of them stay small and close in memory, while a table hashed by id misses the
 * cache with every lookup once it is large. A page is freed with its last order.
 */
export class OrderIndex {
  readonly #pages: Pages[] = [];
  /** The page of each 1024 priorities that has orders. */
  readonly #pageOf = new Map<number, number>();
  /** How many orders each page has. */
  readonly #used: number[] = [];
  /** Empty pages, to be the next. */
  readonly #spares: number[] = [];
  #size = 0;

  /** How many orders it holds. */
  get size(): number {
    return this.#size;
  }

  /** NONE for a number that is not in. */
  get(priority: number): number {
    const page = this.#pageOf.get(rangeOf(priority));
    if (page === undefined) return NONE;
    const { slots, start } = this.#array(page);
    return (slots[placeOf(page - start, priority)] ?? 0) - 1;
  }

  /** Puts in a number that is not in. */
  add(priority: number, slot: number): void {
    const range = rangeOf(priority);
    const page = this.#pageOf.get(range) ?? this.#open(range);
    this.#write(page, priority, slot + 1);
    this.#used[page] = this.#usedOf(page) + 1;
    this.#size += 1;
  }

  /** Takes out a number that is in. */
  delete(priority: number): void {
    const range = rangeOf(priority);
    const page = this.#pageOf.get(range);
    invariant(page !== undefined, 'no order has this priority');
    this.#write(page, priority, 0);
    const left = this.#usedOf(page) - 1;
    this.#used[page] = left;
    this.#size -= 1;
    if (left > 0) return;
    this.#pageOf.delete(range);
    this.#spares.push(page);
  }

  #write(page: number, priority: number, value: number): void {
    const { slots, start } = this.#array(page);
    slots[placeOf(page - start, priority)] = value;
  }

  #usedOf(page: number): number {
    return this.#used[page] ?? 0;
  }

  #open(range: number): number {
    const page = this.#spares.pop() ?? this.#used.push(0) - 1;
    this.#pageOf.set(range, page);
    return page;
  }

  #array(page: number): Pages {
    const number = chunkOf(page, FIRST_BITS);
    return this.#pages[number] ?? this.#addArray(number);
  }

  #addArray(number: number): Pages {
    const slots = new Int32Array(chunkLength(number, FIRST_BITS) * PAGE_ORDERS);
    const pages = { start: chunkStart(number, FIRST_BITS), slots };
    this.#pages[number] = pages;
    return pages;
  }
}

function rangeOf(priority: number): number {
  return Math.floor(priority / PAGE_ORDERS);
}

function placeOf(pageInArray: number, priority: number): number {
  return pageInArray * PAGE_ORDERS + (priority % PAGE_ORDERS);
}
