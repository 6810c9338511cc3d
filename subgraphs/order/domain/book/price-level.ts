import { invariant } from '#shared/domain/invariant.ts';
import { MetOrder } from './met-order.ts';
import { NONE, type OrderQueues } from './order-queues.ts';
import type { OrderRows } from './order-rows.ts';
import type { OrderSide } from '../order.ts';
import type { RankedLevel } from './price-levels.ts';
import type { BookLevel } from './resting-order.ts';

/** The arrays in which a book keeps its orders. */
export interface OrderStorage {
  readonly queues: OrderQueues;
  readonly rows: OrderRows;
}

/** The orders of one side at one price. */
export class PriceLevel implements BookLevel, RankedLevel<PriceLevel> {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly rank: number;
  /** The number of the level's queue. */
  readonly queue: number;
  readonly rows: OrderRows;
  better: PriceLevel | null = null;
  worse: PriceLevel | null = null;
  readonly #queues: OrderQueues;

  constructor(side: OrderSide, priceTicks: number, { queues, rows }: OrderStorage) {
    this.side = side;
    this.priceTicks = priceTicks;
    this.rank = side === 'SELL' ? priceTicks : -priceTicks;
    this.queue = queues.open();
    this.rows = rows;
    this.#queues = queues;
  }

  get oldest(): MetOrder {
    const oldest = this.#met(this.#queues.first(this.queue));
    invariant(oldest !== null, 'an empty level is open');
    return oldest;
  }

  /** The order after the one in this slot; null after the newest. */
  after(slot: number): MetOrder | null {
    return this.#met(this.#queues.next(slot));
  }

  #met(slot: number): MetOrder | null {
    return slot === NONE ? null : new MetOrder(this, slot);
  }
}
