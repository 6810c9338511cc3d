import type { OrderId } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import type { RecordedOrder } from '../../domain/order-event.ts';
import type { StopLeg } from '../../domain/order-link.ts';
import {
  isTriggerMet,
  type OrderTrigger,
  type TriggerSource,
  waitsForRise,
} from '../../domain/order-trigger.ts';
import { isOpen, isWaiting, type OpenOrder, type OrderSide } from '../../domain/order.ts';
import { KeyedHeap } from '../keyed-heap.ts';
import { Trails } from './trails.ts';

/** An order that waits, and what for: its own trigger, or that of its stop leg. */
export interface Waiting {
  readonly order: OpenOrder & RecordedOrder;
  readonly trigger: Pick<OrderTrigger, 'kind' | 'source' | 'triggerPrice' | 'trailing'>;
  readonly leg: StopLeg | null;
}

/** What an order waits for; null if it waits for no price. */
export function waitingOf(order: RecordedOrder): Waiting | null {
  if (!isOpen(order)) return null;
  const { stop } = order.link;
  if (isWaiting(order) && order.trigger !== null)
    return { order, trigger: order.trigger, leg: null };
  return stop === null || stop.triggeredAt !== null
    ? null
    : { order, trigger: { ...stop, kind: 'STOP', trailing: null }, leg: stop };
}

/** The orders of an instrument that watch one price in one direction, the next to be met first. */
export class WaitingQueue {
  /** Determines, together with {@link WaitingQueue.source}, which price is watched. */
  readonly side: OrderSide;
  readonly source: TriggerSource;
  readonly #waiting: KeyedHeap<OrderId, Waiting>;
  /** The trailing stops among them. */
  readonly trails: Trails;

  /** @param first any order of the queue, which shows what all of them watch */
  constructor({ order, trigger }: Waiting) {
    this.side = order.side;
    this.source = trigger.source;
    const isRise = waitsForRise(order.side, trigger.kind);
    this.#waiting = new KeyedHeap((left, right) => isReachedBefore(isRise, left, right));
    this.trails = new Trails(order.side);
  }

  /** Whether no order waits here. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Adds an order, or replaces its state. */
  add(waiting: Waiting): void {
    const { id } = waiting.order;
    this.#waiting.set(id, waiting);
    if (waiting.trigger.trailing === null) this.trails.remove(id);
    else this.trails.add(waiting);
  }

  /** Removes an order, if it is there. */
  remove(orderId: OrderId): void {
    this.#waiting.delete(orderId);
    this.trails.remove(orderId);
  }

  /** The first order that the watched price triggers; undefined for none. */
  firstMet(watched: Price): Waiting | undefined {
    const { first } = this.#waiting;
    return first !== undefined && isTriggerMet(this.side, first.trigger, watched)
      ? first
      : undefined;
  }
}

/** The nearest trigger price is reached first, then the oldest order's. */
function isReachedBefore(isRise: boolean, left: Waiting, right: Waiting): boolean {
  const [one, other] = [left.trigger.triggerPrice, right.trigger.triggerPrice];
  if (one !== other) return isRise ? one < other : one > other;
  return left.order.state.priority < right.order.state.priority;
}
