/** A part of one client that holds frames back while the client is behind. */
export interface Waiting {
  /** The client can take more: write what is held, as much as it can take. */
  resume(): void;
  /** Time passes. @param nowMs of `performance` */
  wait(nowMs: number): void;
}

/** The parts of one client that hold frames back, and how many bytes they hold together. */
export class Backlog {
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;

  /** How many bytes are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Has it resumed, once. */
  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  /** Forgets it. */
  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  /**
   * Takes room for this many bytes. What is held alone can have any size: it was made already, and a
   * client that is sent the same at another moment takes it too.
   * @returns false if that would be more than `limit` in all
   */
  hold(bytes: number, limit: number): boolean {
    if (this.#bytes > 0 && this.#bytes + bytes > limit) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives room back. */
  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  /**
   * Resumes one after the other while the client keeps up; one that must wait again goes to the
   * end.
   */
  resume(keepsUp: () => boolean): void {
    for (const waiting of [...this.#waiting]) {
      if (!keepsUp()) return;
      this.#waiting.delete(waiting);
      waiting.resume();
    }
  }

  /** Lets time pass for all that wait. */
  wait(nowMs: number): void {
    for (const waiting of [...this.#waiting]) waiting.wait(nowMs);
  }
}
