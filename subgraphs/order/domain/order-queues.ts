import { invariant } from '#shared/domain/invariant.ts';

/** No slot, and no block. */
export const NONE = -1;

/** How many orders stand together, as bits of a slot: 16; bounds what one that is left alone keeps in memory. */
const SLOT_BITS = 4;
const BLOCK_SLOTS = 1 << SLOT_BITS;
/** How many blocks keep their state together, as bits of a block: 256. */
const BLOCK_BITS = 8;
const SHELF_BLOCKS = 1 << BLOCK_BITS;

/** The state of some blocks, each at its number within the shelf. */
interface Shelf {
  /** A bit for each slot that is taken. */
  readonly taken: Uint16Array;
  readonly older: Int32Array;
  readonly younger: Int32Array;
  readonly queue: Int32Array;
}

/**
 * Queues of orders, of which it knows only where they are: in which slot, a number from 0. The slots of
 * a queue come in blocks from the oldest to the youngest. With a million orders that point to each other
 * every step to a neighbour would wait for memory, twice for each order that leaves; here whoever leaves
 * the middle of a block is one bit, and a bit of a million is near.
 */
export class OrderQueues {
  readonly #shelves: Shelf[] = [];
  readonly #spareBlocks: number[] = [];
  #blockCount = 0;
  /** By queue: its blocks at both ends, and the slot to be given next, NONE where that asks for a block. */
  readonly #firstBlocks: number[] = [];
  readonly #lastBlocks: number[] = [];
  readonly #nextSlots: number[] = [];
  readonly #spareQueues: number[] = [];

  /** Begins an empty queue. @returns its number */
  open(): number {
    const queue = this.#spareQueues.pop() ?? this.#nextSlots.length;
    this.#firstBlocks[queue] = NONE;
    this.#lastBlocks[queue] = NONE;
    this.#nextSlots[queue] = NONE;
    return queue;
  }

  /** Gives back the number of a queue that is empty. */
  close(queue: number): void {
    this.#spareQueues.push(queue);
  }

  /** Puts an order behind all others of a queue. @returns its slot */
  append(queue: number): number {
    const next = this.#nextSlots[queue] ?? NONE;
    const slot = next === NONE ? this.#addBlock(queue) * BLOCK_SLOTS : next;
    const block = blockOf(slot);
    const { taken } = this.#shelf(block);
    taken[indexOf(block)] = numberAt(taken, block) | bitOf(slot);
    this.#nextSlots[queue] = placeOf(slot + 1) === 0 ? NONE : slot + 1;
    return slot;
  }

  /** Takes out who is in a slot. @returns the queue when it is empty now, else NONE */
  remove(slot: number): number {
    const block = blockOf(slot);
    const { taken } = this.#shelf(block);
    const left = numberAt(taken, block) & ~bitOf(slot);
    taken[indexOf(block)] = left;
    return left === 0 ? this.#removeBlock(block) : NONE;
  }

  /** Whether an order is in a slot. */
  isTaken(slot: number): boolean {
    const block = blockOf(slot);
    return (numberAt(this.#shelf(block).taken, block) & bitOf(slot)) !== 0;
  }

  /** The queue to which a slot belongs that is taken. */
  queueOf(slot: number): number {
    const block = blockOf(slot);
    return numberAt(this.#shelf(block).queue, block);
  }

  /** The slot of the oldest of a queue; NONE when it is empty. */
  first(queue: number): number {
    const block = this.#firstBlocks[queue] ?? NONE;
    return block === NONE ? NONE : this.#firstFrom(block, 0);
  }

  /** The slot of who is next behind a slot; NONE for the youngest. */
  next(slot: number): number {
    const block = blockOf(slot);
    const inBlock = this.#firstFrom(block, placeOf(slot) + 1);
    if (inBlock !== NONE) return inBlock;
    const younger = numberAt(this.#shelf(block).younger, block);
    return younger === NONE ? NONE : this.#firstFrom(younger, 0);
  }

  /** The first slot of a block that is taken, from a place on; NONE when there is none. */
  #firstFrom(block: number, place: number): number {
    const left = numberAt(this.#shelf(block).taken, block) & (ALL_TAKEN << place);
    return left === 0 ? NONE : block * BLOCK_SLOTS + lowestBit(left);
  }

  #addBlock(queue: number): number {
    const block = this.#spareBlocks.pop() ?? this.#newBlock();
    const last = this.#lastBlocks[queue] ?? NONE;
    const shelf = this.#shelf(block);
    const at = indexOf(block);
    shelf.queue[at] = queue;
    shelf.older[at] = last;
    shelf.younger[at] = NONE;
    if (last === NONE) this.#firstBlocks[queue] = block;
    else this.#shelf(last).younger[indexOf(last)] = block;
    this.#lastBlocks[queue] = block;
    return block;
  }

  /** Takes an empty block out of its queue. @returns the queue when it is empty now, else NONE */
  #removeBlock(block: number): number {
    const shelf = this.#shelf(block);
    const queue = numberAt(shelf.queue, block);
    const [older, younger] = [numberAt(shelf.older, block), numberAt(shelf.younger, block)];
    if (older === NONE) this.#firstBlocks[queue] = younger;
    else this.#shelf(older).younger[indexOf(older)] = younger;
    if (younger === NONE) {
      this.#lastBlocks[queue] = older;
      // The block before it is full: its slots were all given before this one was begun.
      this.#nextSlots[queue] = NONE;
    } else this.#shelf(younger).older[indexOf(younger)] = older;
    this.#spareBlocks.push(block);
    return older === NONE && younger === NONE ? queue : NONE;
  }

  #newBlock(): number {
    const block = this.#blockCount;
    this.#blockCount += 1;
    if (indexOf(block) === 0) this.#shelves.push(emptyShelf());
    return block;
  }

  #shelf(block: number): Shelf {
    const shelf = this.#shelves[block >>> BLOCK_BITS];
    invariant(shelf !== undefined, 'there is no such block');
    return shelf;
  }
}

const ALL_TAKEN = 2 ** BLOCK_SLOTS - 1;

function emptyShelf(): Shelf {
  return {
    taken: new Uint16Array(SHELF_BLOCKS),
    older: new Int32Array(SHELF_BLOCKS),
    younger: new Int32Array(SHELF_BLOCKS),
    queue: new Int32Array(SHELF_BLOCKS),
  };
}

/** Of a block on its shelf. */
function indexOf(block: number): number {
  return block & (SHELF_BLOCKS - 1);
}

/** Of a slot in its block. */
function placeOf(slot: number): number {
  return slot & (BLOCK_SLOTS - 1);
}

function blockOf(slot: number): number {
  return slot >>> SLOT_BITS;
}

function bitOf(slot: number): number {
  return 1 << placeOf(slot);
}

function numberAt(numbers: Uint16Array | Int32Array, block: number): number {
  return numbers[indexOf(block)] ?? NONE;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
