import type { UserId } from '#shared/domain/ids.ts';

/** Each order that is taken over is stored again, and every other command waits meanwhile. */
const MS_PER_ORDER = 5;
/** Two thousand orders at once. */
const WINDOW_MS = 10_000;
/** With more users than this, those who can take over as many as ever are forgotten. */
const MAX_REMEMBERED = 1000;

/**
 * Bounds how many orders a user's connections take over from each other: reconnecting costs a client
 * nothing. Times are those of `steadyNow`.
 */
export class TakeOverRate {
  readonly #emptyAt = new Map<UserId, number>();

  /** Whether a user can take over orders now, however many these are. */
  permits(userId: UserId, nowMs: number): boolean {
    return (this.#emptyAt.get(userId) ?? nowMs) <= nowMs + WINDOW_MS;
  }

  /** Counts what a user has taken over. */
  count(userId: UserId, orders: number, nowMs: number): void {
    if (this.#emptyAt.size >= MAX_REMEMBERED)
      for (const [user, emptyAt] of this.#emptyAt) if (emptyAt <= nowMs) this.#emptyAt.delete(user);
    const emptyAt = Math.max(this.#emptyAt.get(userId) ?? nowMs, nowMs);
    this.#emptyAt.set(userId, emptyAt + orders * MS_PER_ORDER);
  }
}
