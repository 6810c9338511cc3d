import { invariant } from '#shared/domain/invariant.ts';
import { chunkLength, chunkOf, chunkStart } from './growing-chunks.ts';

/** No slot, and no block. */
export const NONE = -1;

/** How many orders stand together, the bits of a number; bounds what one that is left alone keeps in memory. */
const BLOCK_SLOTS = 32;
const SLOT_BITS = 5;
/** How many blocks the first shelf has, in bits. */
const FIRST_BITS = 6;

/** The state of some blocks, from `start` on. */
interface Shelf {
  readonly start: number;
  /** A bit for each slot that is taken. */
  readonly taken: Int32Array;
  readonly older: Int32Array;
  readonly younger: Int32Array;
  readonly queue: Int32Array;
}

/**
 * Queues of orders, of which it knows only where they are: in which slot, a number from 0. The slots of
 * a queue come in blocks from the oldest to the youngest. With a million orders that point to each other
 * every step to a neighbor would wait for memory, twice for each order that leaves; here whoever leaves
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
    const { taken, start } = this.#shelf(block);
    taken[block - start] = numberAt(taken, block - start) | bitOf(slot);
    this.#nextSlots[queue] = placeOf(slot + 1) === 0 ? NONE : slot + 1;
    return slot;
  }

  /** Takes out who is in a slot. @returns the queue when it is empty now, else NONE */
  remove(slot: number): number {
    const block = blockOf(slot);
    const { taken, start } = this.#shelf(block);
    const left = numberAt(taken, block - start) & ~bitOf(slot);
    taken[block - start] = left;
    return left === 0 ? this.#removeBlock(block) : NONE;
  }

  /** Whether an order is in a slot. */
  isTaken(slot: number): boolean {
    return (this.#takenIn(blockOf(slot)) & bitOf(slot)) !== 0;
  }

  /** The queue to which a slot belongs that is taken. */
  queueOf(slot: number): number {
    const block = blockOf(slot);
    const { queue, start } = this.#shelf(block);
    return numberAt(queue, block - start);
  }

  /** The slot of the oldest of a queue; NONE when it is empty. */
  first(queue: number): number {
    const block = this.#firstBlocks[queue] ?? NONE;
    return block === NONE ? NONE : firstSlot(block, this.#takenIn(block));
  }

  /** The slot of who is next behind a slot; NONE for the youngest. */
  next(slot: number): number {
    const block = blockOf(slot);
    // What is left behind the bit; of the last bit nothing is, which a shift by 32 would not say.
    const behind = this.#takenIn(block) & (-2 << placeOf(slot));
    if (behind !== 0) return firstSlot(block, behind);
    const { younger, start } = this.#shelf(block);
    const next = numberAt(younger, block - start);
    return next === NONE ? NONE : firstSlot(next, this.#takenIn(next));
  }

  #takenIn(block: number): number {
    const { taken, start } = this.#shelf(block);
    return numberAt(taken, block - start);
  }

  #addBlock(queue: number): number {
    const block = this.#spareBlocks.pop() ?? this.#newBlock();
    const last = this.#lastBlocks[queue] ?? NONE;
    const shelf = this.#shelf(block);
    shelf.queue[block - shelf.start] = queue;
    this.#join(last, block, queue);
    this.#join(block, NONE, queue);
    return block;
  }

  /** Takes an empty block out of its queue. @returns the queue when it is empty now, else NONE */
  #removeBlock(block: number): number {
    const shelf = this.#shelf(block);
    const at = block - shelf.start;
    const queue = numberAt(shelf.queue, at);
    const [older, younger] = [numberAt(shelf.older, at), numberAt(shelf.younger, at)];
    this.#join(older, younger, queue);
    // The block before it is full: its slots were all given before this one was begun.
    if (younger === NONE) this.#nextSlots[queue] = NONE;
    this.#spareBlocks.push(block);
    return older === NONE && younger === NONE ? queue : NONE;
  }

  /** Makes two blocks neighbors; NONE stands for the end of the queue. */
  #join(older: number, younger: number, queue: number): void {
    if (older === NONE) this.#firstBlocks[queue] = younger;
    else {
      const shelf = this.#shelf(older);
      shelf.younger[older - shelf.start] = younger;
    }
    if (younger === NONE) this.#lastBlocks[queue] = older;
    else {
      const shelf = this.#shelf(younger);
      shelf.older[younger - shelf.start] = older;
    }
  }

  #newBlock(): number {
    const block = this.#blockCount;
    this.#blockCount += 1;
    if (chunkOf(block, FIRST_BITS) === this.#shelves.length)
      this.#shelves.push(emptyShelf(this.#shelves.length));
    return block;
  }

  #shelf(block: number): Shelf {
    const shelf = this.#shelves[chunkOf(block, FIRST_BITS)];
    invariant(shelf !== undefined, 'there is no such block');
    return shelf;
  }
}

function emptyShelf(number: number): Shelf {
  const length = chunkLength(number, FIRST_BITS);
  return {
    start: chunkStart(number, FIRST_BITS),
    taken: new Int32Array(length),
    older: new Int32Array(length),
    younger: new Int32Array(length),
    queue: new Int32Array(length),
  };
}

function blockOf(slot: number): number {
  return slot >>> SLOT_BITS;
}

/** Of a slot in its block. */
function placeOf(slot: number): number {
  return slot & (BLOCK_SLOTS - 1);
}

function bitOf(slot: number): number {
  return 1 << placeOf(slot);
}

/** The slot of the lowest bit. */
function firstSlot(block: number, bits: number): number {
  return block * BLOCK_SLOTS + 31 - Math.clz32(bits & -bits);
}

function numberAt(numbers: Int32Array, at: number): number {
  return numbers[at] ?? NONE;
}
