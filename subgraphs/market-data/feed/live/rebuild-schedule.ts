/** A book that has been whole for this many pauses is asked for at once when it is lost again. */
const CALM_PAUSES = 10;

/** Says which books to ask for now: one that does not come is asked forever more seldom. */
export class RebuildSchedule {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #asked = new Map<string, { readonly pauseMs: number; readonly nextMs: number }>();

  constructor(options: { readonly baseMs: number; readonly maxMs: number }) {
    this.#baseMs = options.baseMs;
    this.#maxMs = options.maxMs;
  }

  /**
   * Those of the waiting that are to be asked for; they count as asked.
   * @param nowMs by any clock that only goes forward
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
