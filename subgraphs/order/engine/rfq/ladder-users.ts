import type { UserId } from '#shared/domain/ids.ts';

interface Use {
  /** Streams of the user that follow it now. */
  streams: number;
  /** As `steadyNow` has it. */
  leftAt: number;
}

/**
 * The users for whom a ladder is priced. A user who has left still counts while a price that was shown may be firm,
 * because the ladder is priced until then. Otherwise opening and leaving streams would cost more than keeping them.
 */
export class LadderUsers {
  readonly #lifeMs: number;
  readonly #uses = new Map<UserId, Use>();

  /** @param lifeMs how long a level is firm at most */
  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  /** A user is about to follow it. */
  expect(userId: UserId, steadyMs: number): void {
    if (!this.#uses.has(userId)) this.#uses.set(userId, { streams: 0, leftAt: steadyMs });
  }

  /** A stream of a user follows it from now on. */
  join(userId: UserId): void {
    const use = this.#uses.get(userId) ?? { streams: 0, leftAt: 0 };
    use.streams += 1;
    this.#uses.set(userId, use);
  }

  /** A stream of a user follows it no more. */
  leave(userId: UserId, steadyMs: number): void {
    const use = this.#uses.get(userId);
    if (use === undefined) return;
    use.streams -= 1;
    use.leftAt = steadyMs;
  }

  /** Whether it is priced for a user, among others. */
  has(userId: UserId, steadyMs: number): boolean {
    const use = this.#uses.get(userId);
    return use !== undefined && this.#isUsed(use, steadyMs);
  }

  /** All of them, and perhaps some who have left it long ago. */
  ids(): Iterable<UserId> {
    return this.#uses.keys();
  }

  /** Forgets those who left it long ago. */
  forget(steadyMs: number): void {
    for (const [userId, use] of this.#uses)
      if (!this.#isUsed(use, steadyMs)) this.#uses.delete(userId);
  }

  #isUsed({ streams, leftAt }: Use, steadyMs: number): boolean {
    return streams > 0 || steadyMs - leftAt < this.#lifeMs;
  }
}
