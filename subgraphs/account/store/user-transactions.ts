import type { UserId } from '#shared/domain/ids.ts';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/** The most changes of one user that can wait while another one runs. */
const MAX_WAITING = 50;

type Work<Result> = (transaction: AccountTransaction) => Promise<Result>;

/**
 * Runs the changes of one user one at a time, each in its own transaction. They would wait for each other anyway,
 * because each locks the user's row, but each would hold a connection meanwhile: a user who sends many at once would
 * leave no connections to others.
 */
export class UserTransactions {
  readonly #client: Pick<AccountClient, '$transaction'>;
  /** The waiting changes of each user who has a running one. */
  readonly #waiting = new Map<UserId, (() => void)[]>();

  constructor(client: Pick<AccountClient, '$transaction'>) {
    this.#client = client;
  }

  /** @throws DomainError RATE_LIMITED, without doing anything, if too many are waiting */
  run<Result>(userId: UserId, work: Work<Result>): Promise<Result> {
    const isFull = (this.#waiting.get(userId)?.length ?? 0) >= MAX_WAITING;
    if (!isFull) return this.#take(userId, work, (waiting, turn) => waiting.push(turn));
    const message = 'Too many of your changes are in progress; wait for some of them to finish.';
    return Promise.reject(rateLimited(message));
  }

  /**
   * Runs before all waiting changes and is never refused: it ends a credential that a thief may be using, or belongs to
   * the sign-in that this takes, and the thief could fill the queue.
   */
  runFirst<Result>(userId: UserId, work: Work<Result>): Promise<Result> {
    return this.#take(userId, work, (waiting, turn) => waiting.unshift(turn));
  }

  async #take<Result>(
    userId: UserId,
    work: Work<Result>,
    queue: (waiting: (() => void)[], turn: () => void) => void,
  ): Promise<Result> {
    const waiting = this.#waiting.get(userId);
    if (waiting === undefined) this.#waiting.set(userId, []);
    else await new Promise<void>((resolve) => queue(waiting, resolve));
    try {
      return await this.#client.$transaction(work);
    } finally {
      this.#leave(userId);
    }
  }

  #leave(userId: UserId): void {
    const next = this.#waiting.get(userId)?.shift();
    if (next === undefined) this.#waiting.delete(userId);
    else next();
  }
}
