import type { UserId } from '#shared/domain/ids.ts';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/** The most changes of one user that can wait while another one runs. */
const MAX_WAITING = 50;

type Work<Result> = (transaction: AccountTransaction) => Promise<Result>;
type Turn = () => void;

/** Who asks for something that goes first. */
type UrgentAsker = Pick<AuditRecord, 'userId' | 'apiKeyId' | 'sessionId'>;

/** The waiting changes of one user. */
class Waiting {
  /** By credential. The map's order is that in which credentials have their turns. */
  readonly #urgent = new Map<string, Turn[]>();
  readonly others: Turn[] = [];

  addUrgent({ apiKeyId, sessionId }: UrgentAsker, turn: Turn): void {
    const credential = apiKeyId ?? sessionId ?? '';
    const turns = this.#urgent.get(credential);
    if (turns === undefined) this.#urgent.set(credential, [turn]);
    else turns.push(turn);
  }

  next(): Turn | undefined {
    for (const [credential, turns] of this.#urgent) {
      const turn = turns.shift();
      this.#urgent.delete(credential);
      if (turns.length > 0) this.#urgent.set(credential, turns);
      return turn;
    }
    return this.others.shift();
  }
}

/**
 * Runs the changes of one user one at a time, each in its own transaction. They would wait for each other anyway,
 * because each locks the user's row, but each would hold a connection meanwhile: a user who sends many at once would
 * leave no connections to others.
 */
export class UserTransactions {
  readonly #client: Pick<AccountClient, '$transaction'>;
  /** Those of each user who has a running change. */
  readonly #waiting = new Map<UserId, Waiting>();

  constructor(client: Pick<AccountClient, '$transaction'>) {
    this.#client = client;
  }

  /** @throws DomainError RATE_LIMITED, without doing anything, if too many are waiting */
  run<Result>(userId: UserId, work: Work<Result>): Promise<Result> {
    const isFull = (this.#waiting.get(userId)?.others.length ?? 0) >= MAX_WAITING;
    if (!isFull) return this.#take(userId, work, ({ others }, turn) => others.push(turn));
    const message = 'Too many of your changes are in progress; wait for some of them to finish.';
    return Promise.reject(rateLimited(message));
  }

  /**
   * Runs before all other waiting changes and is never refused: it ends a credential that a thief may be using, or
   * belongs to the sign-in that this takes, and the thief could fill the queue. The user's credentials take turns,
   * because the thief can ask for many of these, too.
   */
  runFirst<Result>(asker: UrgentAsker, work: Work<Result>): Promise<Result> {
    return this.#take(asker.userId, work, (waiting, turn) => waiting.addUrgent(asker, turn));
  }

  async #take<Result>(
    userId: UserId,
    work: Work<Result>,
    queue: (waiting: Waiting, turn: Turn) => void,
  ): Promise<Result> {
    const waiting = this.#waiting.get(userId);
    if (waiting === undefined) this.#waiting.set(userId, new Waiting());
    else await new Promise<void>((resolve) => queue(waiting, resolve));
    try {
      return await this.#client.$transaction(work);
    } finally {
      this.#leave(userId);
    }
  }

  #leave(userId: UserId): void {
    const next = this.#waiting.get(userId)?.next();
    if (next === undefined) this.#waiting.delete(userId);
    else next();
  }
}
