/** How long a connection is believed to exist without another report. */
const GUARD_LIFE_MS = 10_000;

/**
 * The connections of clients that guard orders: when one is lost, its orders are canceled. The
 * gateways report theirs again and again, so this needs no store: after a start every connection is
 * believed for a while, and one that nobody reports any more is lost, whatever happened to its
 * gateway.
 */
export class ConnectionGuards {
  readonly #now: () => number;
  #believeAllUntil: number;
  /** When each connection counts as lost, unless it is reported again. */
  readonly #lostAt = new Map<string, number>();
  /** Connections known to be lost while all others are believed. */
  readonly #gone = new Set<string>();
  /** Those whose orders are canceled by a turn that is not stored yet. */
  readonly #ended = new Set<string>();
  /** Which connection has taken over from each that is not forgotten yet. */
  readonly #successors = new Map<string, string>();

  /**
   * @param guarding the connections that guard an order now
   * @param now milliseconds by a clock that is never set: a step of the machine's clock loses none
   */
  constructor(guarding: Iterable<string>, now: () => number) {
    this.#now = now;
    this.#believeAllUntil = now() + GUARD_LIFE_MS;
    for (const connectionId of guarding) this.#lostAt.set(connectionId, this.#believeAllUntil);
  }

  /** Whether a connection exists. */
  has(connectionId: string): boolean {
    if (this.#lostAt.has(connectionId)) return true;
    return this.#now() < this.#believeAllUntil && !this.#gone.has(connectionId);
  }

  /** Keeps a connection for a time; if omitted, for as long as one is believed in. */
  keep(connectionId: string, lifeMs = GUARD_LIFE_MS): void {
    this.#lostAt.set(connectionId, this.#now() + lifeMs);
  }

  /** Remembers a connection that guards an order, if nobody has reported it yet. */
  expect(connectionId: string): void {
    if (!this.#lostAt.has(connectionId)) this.keep(connectionId);
  }

  /**
   * Lets a connection take over from another one, and from those that have taken over from that since:
   * a client whose new connection was lost before it was acknowledged names the previous one again.
   * @returns those whose orders it guards from now on
   */
  takeOverFrom(connectionId: string, by: string): readonly string[] {
    const line: string[] = [];
    let next: string | undefined = connectionId;
    while (next !== undefined && next !== by && !line.includes(next)) {
      line.push(next);
      next = this.#successors.get(next);
    }
    const last = line.at(-1);
    if (next === undefined && last !== undefined && this.#lostAt.has(last))
      this.#successors.set(last, by);
    return line;
  }

  /** Forgets a connection; the orders it guarded stay. */
  forget(connectionId: string): void {
    this.#lostAt.delete(connectionId);
    this.#successors.delete(connectionId);
    if (this.#now() < this.#believeAllUntil) this.#gone.add(connectionId);
    else this.#gone.clear();
  }

  /** Ends a lost connection: its orders are canceled. */
  end(connectionId: string): void {
    this.#ended.add(connectionId);
    this.forget(connectionId);
  }

  /** The turn that canceled the orders is stored. */
  stored(): void {
    this.#ended.clear();
  }

  /**
   * Carries over from memory after a lost turn: the gateways have reported to this process all the
   * time. A connection that the turn ended must be ended again, and one that it forgot is believed
   * for a while if it still guards an order.
   */
  carryOver(before: ConnectionGuards): void {
    this.#believeAllUntil = before.#believeAllUntil;
    for (const connectionId of before.#gone) this.#gone.add(connectionId);
    for (const [connectionId, at] of before.#lostAt) this.#lostAt.set(connectionId, at);
    for (const [connectionId, by] of before.#successors) this.#successors.set(connectionId, by);
    for (const connectionId of before.#ended) {
      this.#lostAt.set(connectionId, Number.NEGATIVE_INFINITY);
      this.#ended.add(connectionId);
    }
  }

  /** The lost ones; at exactly its instant one is lost. */
  lost(): readonly string[] {
    const now = this.#now();
    return [...this.#lostAt].flatMap(([id, at]) => (at <= now ? [id] : []));
  }
}
