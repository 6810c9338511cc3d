/**
 * The most events of one turn, each with at most one fill: half a second of the store's work, of
 * the two that a statement and the owner's lease can last. A command that has begun can still
 * exceed it by its own events.
 */
const MOST_EVENTS = 1500;

/** A turn is made no smaller, however often none could be stored: then size is not the cause. */
const LEAST_EVENTS = 25;

/** How many events the next turn can have: fewer after one that was not stored in time. */
export class TurnSize {
  readonly #limit: number;
  #most: number;

  /** @param limit the most events if all goes well; {@link MOST_EVENTS} if omitted */
  constructor(limit = MOST_EVENTS) {
    this.#limit = limit;
    this.#most = limit;
  }

  /** The most events of the next turn. */
  get most(): number {
    return this.#most;
  }

  /** A turn is stored: the next one can be larger. */
  stored(): void {
    this.#most = Math.min(this.#most * 2, this.#limit);
  }

  /** A turn was not stored, perhaps because it was too large. */
  lost(): void {
    const smaller = Math.max(Math.floor(this.#most / 4), LEAST_EVENTS);
    this.#most = Math.min(this.#most, smaller);
  }
}
