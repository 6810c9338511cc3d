/** If a flush takes longer, it is worth combining it with the next. */
const LONG_FLUSH_MS = 2;
const SHORTEST_TICK_MS = 5;
const LONGEST_TICK_MS = 50;
const QUIET_TURNS = 10;
/** After this long other work has a turn: orders, pongs, events of the subgraphs. */
const SLICE_MS = 4;
const FLUSHES_PER_LOOK = 16;

/** Something that has bytes to write. */
export interface Flushable {
  /** Whether what is written will be answered at once. */
  readonly isAsking?: boolean;
  flush(): void;
}

/**
 * When sockets are written to. Idle: after the events of this turn. When events of one stream
 * arrive faster than they can be written, one turn a tick, so that each write carries several. A
 * tick counts from the start of the last turn, and so costs nothing if a turn takes longer.
 */
export class FlushSchedule {
  #due: Flushable[] = [];
  #isArmed = false;
  #tickMs = 0;
  #startedAtMs = 0;
  #hasRepetition = false;
  #quietTurns = 0;
  #turn = 0;

  /** Counts the turns; what is added now is written in a later one. */
  get turn(): number {
    return this.#turn;
  }

  /** The shortest time from turn to turn, in milliseconds; 0 while idle. */
  get tickMs(): number {
    return this.#tickMs;
  }

  /**
   * Has something flushed in the next turn or, if urgent, right after this turn of the event loop.
   */
  add(flushable: Flushable, isUrgent: boolean): void {
    this.#due.push(flushable);
    if (isUrgent && this.#tickMs > 0) setImmediate(() => flushable.flush());
    if (!this.#isArmed) this.#arm();
  }

  /** Reports that a stream has a second frame in one turn: waiting saves writes. */
  noteRepetition(): void {
    this.#hasRepetition = true;
  }

  #arm(): void {
    this.#isArmed = true;
    const waitMs = this.#tickMs === 0 ? 0 : this.#startedAtMs + this.#tickMs - performance.now();
    if (waitMs <= 0) setImmediate(() => this.#begin());
    else setTimeout(() => this.#begin(), waitMs);
  }

  #begin(): void {
    const due = this.#due;
    this.#due = [];
    this.#turn += 1;
    this.#startedAtMs = performance.now();
    // Starts at another one each time, so that nobody is always last.
    const first = (this.#turn * 7919) % due.length;
    this.#flush(askingLast(due.slice(first).concat(due.slice(0, first))), 0, 0);
  }

  #flush(due: readonly Flushable[], from: number, spentMs: number): void {
    const startedAtMs = performance.now();
    let at = from;
    let tookMs = 0;
    while (at < due.length && tookMs < SLICE_MS) {
      const end = Math.min(at + FLUSHES_PER_LOOK, due.length);
      for (; at < end; at += 1) due[at]?.flush();
      tookMs = performance.now() - startedAtMs;
    }
    if (at < due.length) setImmediate(() => this.#flush(due, at, spentMs + tookMs));
    else this.#finish(spentMs + tookMs);
  }

  #finish(spentMs: number): void {
    this.#adapt(spentMs);
    this.#isArmed = false;
    if (this.#due.length > 0) this.#arm();
  }

  #adapt(spentMs: number): void {
    const isBusy = spentMs > LONG_FLUSH_MS && this.#hasRepetition;
    this.#hasRepetition = false;
    this.#quietTurns = isBusy ? 0 : this.#quietTurns + 1;
    if (isBusy && spentMs > this.#tickMs / 2)
      this.#tickMs = Math.min(Math.max(SHORTEST_TICK_MS, 2 * this.#tickMs), LONGEST_TICK_MS);
    else if (this.#quietTurns >= QUIET_TURNS) this.#tickMs = 0;
  }
}

/** Answers are read between slices, and should arrive while nobody waits for them. */
function askingLast(due: readonly Flushable[]): readonly Flushable[] {
  const asking = due.filter(({ isAsking }) => isAsking === true);
  if (asking.length === 0) return due;
  return due.filter(({ isAsking }) => isAsking !== true).concat(asking);
}
