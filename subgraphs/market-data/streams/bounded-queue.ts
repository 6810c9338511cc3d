/** A first-in, first-out queue of limited length; both ends are fast at any length. */
export class BoundedQueue<Item> {
  readonly #capacity: number;
  #items: Item[] = [];
  #head = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Appends an item. @returns false if the queue is full and the item was not added */
  push(item: Item): boolean {
    if (this.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  shift(): Item | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }
}
