/** A book that was whole for this many pauses is requested immediately when it is lost again. */
const CALM_PAUSES = 10;

/** Decides which books to request now; a book that does not arrive is requested less and less often. */
export class RebuildSchedule {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #asked = new Map<string, { readonly pauseMs: number; readonly nextMs: number }>();

  constructor(options: { readonly baseMs: number; readonly maxMs: number }) {
    this.#baseMs = options.baseMs;
    this.#maxMs = options.maxMs;
  }

  /**
   * Returns the waiting books to request now, and counts them as requested.
   * @param nowMs from any monotonic clock
   */
  due(waiting: readonly string[], nowMs: number): string[] {
    for (const [symbol, { pauseMs, nextMs }] of this.#asked)
      if (nowMs > nextMs + CALM_PAUSES * pauseMs && !waiting.includes(symbol))
        this.#asked.delete(symbol);
    const due = waiting.filter((symbol) => (this.#asked.get(symbol)?.nextMs ?? 0) <= nowMs);
    for (const symbol of due) {
      const before = this.#asked.get(symbol)?.pauseMs;
      const pauseMs = before === undefined ? this.#baseMs : Math.min(this.#maxMs, 2 * before);
      this.#asked.set(symbol, { pauseMs, nextMs: nowMs + pauseMs });
    }
    return due;
  }
}
