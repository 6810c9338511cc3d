import type { UserId } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/** The most changes of one user that wait while another one is made. */
const MAX_WAITING = 50;

type Work<Result> = (transaction: AccountTransaction) => Promise<Result>;

/**
 * Makes the changes of one user one after the other, each in a transaction of its own. They would
 * wait for each other anyway, for the user's row, but each with a connection in its hand: a user who
 * sends many at once would leave none to others.
 */
export class UserTurns {
  readonly #client: Pick<AccountClient, '$transaction'>;
  /** The waiting changes of each user for whom one is being made. */
  readonly #waiting = new Map<UserId, (() => void)[]>();

  constructor(client: Pick<AccountClient, '$transaction'>) {
    this.#client = client;
  }

  /** @throws DomainError RATE_LIMITED, and nothing is done, if too many wait */
  run<Result>(userId: UserId, work: Work<Result>): Promise<Result> {
    const isFull = (this.#waiting.get(userId)?.length ?? 0) >= MAX_WAITING;
    if (!isFull) return this.#take(userId, work, (waiting, turn) => waiting.push(turn));
    const message = 'Too many of your changes are under way; wait for some of them.';
    return Promise.reject(new DomainError(DomainErrorCode.RATE_LIMITED, message));
  }

  /** Goes before all that wait, and is never refused: it ends what a thief may be using, who could send many. */
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
