/**
 * Counts the mutations that were answered, in this process. A client that has its answer must find
 * what it wrote, so a query joins nothing that was asked before the last of them ended.
 */
export class MutationCount {
  #value = 0;

  /** How many have ended. */
  get value(): number {
    return this.#value;
  }

  /** Notes that one has ended, successfully or not. */
  noteEnd(): void {
    this.#value += 1;
  }
}
