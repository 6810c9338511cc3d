import type { UserId } from '#shared/domain/ids.ts';
import { type DomainError, rateLimited } from '#shared/graphql/domain-error.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/** The most changes of one user that can wait while another one runs; as many again of those that go first. */
const MAX_WAITING = 50;

type Work<Result> = (transaction: AccountTransaction) => Promise<Result>;
type Turn = () => void;

/** Who asks for something that goes first; no credential for what is recorded of the user. */
type UrgentAsker = Pick<AuditRecord, 'userId' | 'apiKeyId' | 'sessionId'> &
  Partial<Pick<AuditRecord, 'action'>>;

const NO_CREDENTIAL = '';

/** The waiting changes of one user. */
class Waiting {
  /** By credential. The map's order is that in which credentials have their turns. */
  readonly #urgent = new Map<string, Turn[]>();
  readonly others: Turn[] = [];

  /** Whether so much waits that a credential which waits already has to wait with the rest of what it asks for. */
  isFullFor(asker: UrgentAsker): boolean {
    const credential = credentialOf(asker);
    if (credential === NO_CREDENTIAL || !this.#urgent.has(credential)) return false;
    let waiting = 0;
    for (const turns of this.#urgent.values()) waiting += turns.length;
    return waiting >= MAX_WAITING;
  }

  addUrgent(asker: UrgentAsker, turn: Turn): void {
    const credential = credentialOf(asker);
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

function credentialOf({ apiKeyId, sessionId, action }: UrgentAsker): string {
  const credential = apiKeyId ?? sessionId ?? NO_CREDENTIAL;
  // Whoever shows a used token ends the session of a thief, who can ask for many endings in that session.
  return action === 'REFRESH_TOKEN_REUSED' ? `${action} ${credential}` : credential;
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
    if (isFull) return Promise.reject(tooManyWait());
    return this.#take(userId, work, ({ others }, turn) => others.push(turn));
  }

  /**
   * Runs before all other waiting changes: it ends a credential that a thief may be using, or belongs to the sign-in that
   * this takes, and the thief could fill the queue. The user's credentials take turns, because the thief can ask for many
   * of these, too; and each of them can always have one waiting.
   * @throws DomainError RATE_LIMITED, without doing anything, if too many are waiting, one of them for this credential:
   *   they would hold the connections of everybody else
   */
  runFirst<Result>(asker: UrgentAsker, work: Work<Result>): Promise<Result> {
    if (this.#waiting.get(asker.userId)?.isFullFor(asker) === true)
      return Promise.reject(tooManyWait());
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

function tooManyWait(): DomainError {
  return rateLimited('Too many of your changes are in progress; wait for some of them to finish.');
}
