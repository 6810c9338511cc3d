import type { OrderId } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** Orders with which the journal cannot continue. */
export interface Suspects {
  readonly orderIds: readonly OrderId[];
  /** Whether the exits of what they bought follow; not once a turn with them was refused, too. */
  readonly hasExits: boolean;
}

/**
 * Finds out whose fault it is that a turn is refused for its content. From then on each turn does a single thing, until it is
 * known: a command fails, or the order with which the journal continued by itself is set aside. An order that cannot even be
 * set aside is left out of the books. Then all others go on together again.
 */
export class FaultSearch {
  readonly #logger: Logger;
  #isCareful = false;
  #suspects: Suspects | null = null;
  readonly #leftOut = new Set<OrderId>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether each turn does a single thing. */
  get isCareful(): boolean {
    return this.#isCareful;
  }

  /** The orders that the next turn sets aside, and does nothing else; null for none. */
  get suspects(): Suspects | null {
    return this.#suspects;
  }

  /** Whether an order is out of the books until an owner that begins reads it. */
  isLeftOut(orderId: OrderId): boolean {
    return this.#leftOut.has(orderId);
  }

  /** Commands arrive that have nothing to do with those before. */
  begin(): void {
    this.#isCareful = false;
  }

  /** A turn is stored. */
  stored(): void {
    if (this.#suspects !== null) this.#isCareful = false;
    this.#suspects = null;
  }

  /** A turn was lost for another reason than its content. */
  lost(): void {
    this.#suspects = null;
  }

  /** The books are given away. */
  resigned(): void {
    this.#suspects = null;
    this.#leftOut.clear();
  }

  /**
   * A turn is refused.
   * @param named the orders that it was about when it failed
   * @returns whether its one command is at fault
   */
  refused(named: readonly OrderId[]): boolean {
    if (this.#suspects !== null) return this.#refusedAside(this.#suspects);
    if (!this.#isCareful) {
      this.#isCareful = true;
      return false;
    }
    this.#isCareful = named.length > 0;
    if (!this.#isCareful) return true;
    this.#suspects = { orderIds: named, hasExits: true };
    this.#logger.error({ orderIds: named }, 'setting orders aside');
    return false;
  }

  #refusedAside({ orderIds, hasExits }: Suspects): boolean {
    if (hasExits) {
      this.#suspects = { orderIds, hasExits: false };
      return false;
    }
    // What the store refuses of their end, it would refuse in every turn, and with it everything else.
    const isNew = orderIds.some((id) => !this.#leftOut.has(id));
    for (const id of orderIds) this.#leftOut.add(id);
    this.#logger.error({ orderIds }, 'left orders out of the books: they cannot be ended');
    [this.#suspects, this.#isCareful] = [null, false];
    return !isNew;
  }
}
