/** How long a connection is believed to be there without being told of again. */
const GUARD_LIFE_MS = 10_000;

/**
 * The connections of clients that guard orders: when one is lost, its orders are canceled. The gateways
 * tell of theirs again and again, so what is here needs no store: after a start every connection is
 * believed for a while, and one that nobody tells of any more is lost, whatever became of its gateway.
 */
export class ConnectionGuards {
  #believeAllUntil: number;
  /** When each is given up, milliseconds since the epoch. */
  readonly #lostAt = new Map<string, number>();
  /** Those that have gone while every other one is believed. */
  readonly #gone = new Set<string>();
  /** Those whose orders are taken off by a turn that is not stored yet. */
  readonly #ended = new Set<string>();

  /** @param guarding the connections that guard an order now */
  constructor(guarding: Iterable<string>, nowMs: number) {
    this.#believeAllUntil = nowMs + GUARD_LIFE_MS;
    for (const connectionId of guarding) this.#lostAt.set(connectionId, this.#believeAllUntil);
  }

  /** Whether a connection is there. */
  has(connectionId: string, nowMs: number): boolean {
    if (this.#lostAt.has(connectionId)) return true;
    return nowMs < this.#believeAllUntil && !this.#gone.has(connectionId);
  }

  /** Keeps a connection for a time. */
  keep(connectionId: string, lifeMs: number, nowMs: number): void {
    this.#lostAt.set(connectionId, nowMs + lifeMs);
  }

  /** Remembers a connection that guards an order, if nobody has told of it yet. */
  expect(connectionId: string, nowMs: number): void {
    if (!this.#lostAt.has(connectionId)) this.keep(connectionId, GUARD_LIFE_MS, nowMs);
  }

  /** Forgets a connection; what it guarded stays. */
  forget(connectionId: string, nowMs: number): void {
    this.#lostAt.delete(connectionId);
    if (nowMs < this.#believeAllUntil) this.#gone.add(connectionId);
    else this.#gone.clear();
  }

  /** Ends a connection that is lost: its orders are taken off. */
  end(connectionId: string, nowMs: number): void {
    this.#ended.add(connectionId);
    this.forget(connectionId, nowMs);
  }

  /** The turn is stored that took the orders off. */
  stored(): void {
    this.#ended.clear();
  }

  /**
   * Takes over what was in memory when a turn was lost: the gateways have reported to this process all the time. A connection
   * that the turn ended is still to be ended, and one that it forgot is believed for a while if it still guards an order.
   */
  takeOver(before: ConnectionGuards): void {
    this.#believeAllUntil = before.#believeAllUntil;
    for (const connectionId of before.#gone) this.#gone.add(connectionId);
    for (const [connectionId, at] of before.#lostAt) this.#lostAt.set(connectionId, at);
    for (const connectionId of before.#ended) {
      this.#lostAt.set(connectionId, Number.NEGATIVE_INFINITY);
      this.#ended.add(connectionId);
    }
  }

  /** Those that are lost: at its instant exactly one is. */
  lost(nowMs: number): readonly string[] {
    return [...this.#lostAt].flatMap(([id, at]) => (at <= nowMs ? [id] : []));
  }
}
