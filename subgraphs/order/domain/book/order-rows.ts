import type { AccountId, OrderId, UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { chunkLength, chunkOf, chunkStart } from './growing-chunks.ts';
import type { NewRestingOrder } from './resting-order.ts';

/** How many orders the first page has, in bits. */
const FIRST_BITS = 8;

/**
 * The numbers of one order: its priority, and then these. There are few, because most of the cost
 * of matching is fetching them.
 */
const SHOWN = 1;
const PARTY = 2;
/** 1 for an iceberg. */
const HIDES = 3;
const ROW = 4;

/** Whose an order is. */
type Party = Pick<NewRestingOrder, 'accountId' | 'placedBy'>;

/** What an iceberg has beside its row. */
interface Iceberg {
  hiddenSteps: number;
  readonly displaySteps: number | null;
}

interface Page {
  /** Its first slot. */
  readonly start: number;
  /**
   * Whole numbers below 2^53 only, each of them exact: `OrderBook.add` refuses any other. An array
   * of 32 bits would be too small for them, and one of bigint would make an object of each.
   */
  readonly numbers: Float64Array;
  readonly orderIds: OrderId[];
}

/**
 * What a book knows of its orders, by slot: rows of plain numbers, because a million objects would
 * be scattered over memory and burden the garbage collector. A row stays unchanged until its slot
 * is reused.
 */
export class OrderRows {
  readonly #pages: Page[] = [];
  /** Parties by number; they are kept, because a book meets the same ones again and again. */
  readonly #parties: Party[] = [];
  readonly #partyNumbers = new Map<AccountId, Map<UserId | null, number>>();
  /** By slot, while the order is in. */
  readonly #icebergs = new Map<number, Iceberg>();

  /** Writes the order of a slot. */
  write(slot: number, order: NewRestingOrder): void {
    const { numbers, orderIds, start } = this.#page(slot);
    const at = (slot - start) * ROW;
    const { hiddenSteps, displaySteps } = order;
    const hides = hiddenSteps > 0 || displaySteps !== null;
    numbers[at] = order.priority;
    numbers[at + SHOWN] = order.shownSteps;
    numbers[at + PARTY] = this.#partyNumber(order);
    numbers[at + HIDES] = hides ? 1 : 0;
    orderIds[slot - start] = order.orderId;
    if (hides) this.#icebergs.set(slot, { hiddenSteps, displaySteps });
  }

  /** Forgets what no row has room for, of an order that left. */
  clear(slot: number): void {
    if (this.#icebergs.size > 0) this.#icebergs.delete(slot);
  }

  /** Writes what the order of a slot shows and hides. */
  writeSteps(slot: number, shownSteps: number, hiddenSteps: number): void {
    const { numbers, start } = this.#page(slot);
    numbers[(slot - start) * ROW + SHOWN] = shownSteps;
    const iceberg = this.#icebergOf(slot);
    if (iceberg !== undefined) iceberg.hiddenSteps = hiddenSteps;
  }

  priority(slot: number): number {
    return this.#number(slot, 0);
  }

  shownSteps(slot: number): number {
    return this.#number(slot, SHOWN);
  }

  hiddenSteps(slot: number): number {
    return this.#icebergOf(slot)?.hiddenSteps ?? 0;
  }

  displaySteps(slot: number): number | null {
    return this.#icebergOf(slot)?.displaySteps ?? null;
  }

  party(slot: number): Party {
    const party = this.#parties[this.#number(slot, PARTY)];
    invariant(party !== undefined, 'a party has no number');
    return party;
  }

  orderId(slot: number): OrderId {
    const { orderIds, start } = this.#page(slot);
    const orderId = orderIds[slot - start];
    invariant(orderId !== undefined, 'a slot was never written');
    return orderId;
  }

  #icebergOf(slot: number): Iceberg | undefined {
    return this.#number(slot, HIDES) === 0 ? undefined : this.#icebergs.get(slot);
  }

  #number(slot: number, field: number): number {
    const { numbers, start } = this.#page(slot);
    const number = numbers[(slot - start) * ROW + field];
    invariant(number !== undefined, 'a row is too short');
    return number;
  }

  #page(slot: number): Page {
    const number = chunkOf(slot, FIRST_BITS);
    return this.#pages[number] ?? this.#addPage(number);
  }

  #addPage(number: number): Page {
    const length = chunkLength(number, FIRST_BITS);
    const start = chunkStart(number, FIRST_BITS);
    const page = { start, numbers: new Float64Array(length * ROW), orderIds: new Array<OrderId>() };
    this.#pages[number] = page;
    return page;
  }

  #partyNumber({ accountId, placedBy }: Party): number {
    const ofAccount = this.#partyNumbers.get(accountId);
    const known = ofAccount?.get(placedBy);
    if (known !== undefined) return known;
    const number = this.#parties.push({ accountId, placedBy }) - 1;
    if (ofAccount === undefined) this.#partyNumbers.set(accountId, new Map([[placedBy, number]]));
    else ofAccount.set(placedBy, number);
    return number;
  }
}
