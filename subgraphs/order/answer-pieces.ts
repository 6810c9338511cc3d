import { setImmediate as nextTurn } from 'node:timers/promises';

/** The most entries of lists that are completed in one turn of the event loop: some twenty milliseconds of them. */
const MOST_AT_ONCE = 500;

/**
 * Lets an operation complete its long lists piece by piece, each in a turn of the event loop of its own: an answer can
 * have fifty thousand entries, and meanwhile all orders of everybody would wait for it.
 */
export class AnswerPieces {
  #room = MOST_AT_ONCE;
  /** When the piece that has room begins; null for the first one, which begins at once. */
  #turn: Promise<void> | null = null;

  /** A list of what these rows are in the answer, all in one piece: at once, or in its turn. */
  of<Row, Entry>(rows: readonly Row[], entryOf: (row: Row) => Entry): Entry[] | Promise<Entry[]> {
    return this.#take(rows.length, () => rows.map((row) => entryOf(row)));
  }

  /** The entries of a list that can be longer than a piece: each at once, or in the turn of its piece. */
  each<Entry>(entries: readonly Entry[]): (Entry | Promise<Entry>)[] {
    return entries.map((entry) => this.#take(1, () => entry));
  }

  #take<Value>(entries: number, complete: () => Value): Value | Promise<Value> {
    if (entries > this.#room) {
      this.#turn = (this.#turn ?? Promise.resolve()).then(() => nextTurn());
      this.#room = MOST_AT_ONCE;
    }
    this.#room -= entries;
    return this.#turn === null ? complete() : this.#turn.then(complete);
  }
}
