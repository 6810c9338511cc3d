/** The most that waits for the fields of other subgraphs, in bytes, as they came from their own. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Room for the waiting events of one principal. */
export interface Room {
  /** Takes room. @returns false if there is not enough left; what finds it empty always fits, and so does nothing */
  take(bytes: number): boolean;
  /** Gives it back. */
  release(bytes: number): void;
}

/**
 * Bounds what waits in memory for each principal, over all its streams. Events of a thousand
 * streams can wait at once, and one of them can have a thousand orders: neither count says anything
 * about memory.
 */
export class WaitingRooms {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  /** @param most bytes for each principal */
  constructor(most: number = MOST_BYTES) {
    this.#most = most;
  }

  /** The room of a principal. */
  of(principal: string): Room {
    const taken = () => this.#taken.get(principal) ?? 0;
    return {
      take: (bytes) => {
        const before = taken();
        if (bytes > 0 && before > 0 && before + bytes > this.#most) return false;
        this.#taken.set(principal, before + bytes);
        return true;
      },
      release: (bytes) => {
        const left = taken() - bytes;
        if (left > 0) this.#taken.set(principal, left);
        else this.#taken.delete(principal);
      },
    };
  }
}
