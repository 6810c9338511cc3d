/**
 * When a stream's next frame is due: at most one per interval. Setting the clock back delays no
 * frame.
 */
export class Pace {
  #sentAtMs = -Infinity;
  #nextAtMs = -Infinity;

  /** When the next frame is due. */
  get nextAtMs(): number {
    return this.#nextAtMs;
  }

  /** Whether a frame can be sent now. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextAtMs || nowMs < this.#sentAtMs;
  }

  /** To be called when a frame was sent: the next one is due this much later. */
  sent(nowMs: number, spacingMs: number): void {
    this.#sentAtMs = nowMs;
    this.#nextAtMs = nowMs + spacingMs;
  }
}
