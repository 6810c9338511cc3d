import type { UserId } from '#shared/domain/ids.ts';
import { type DomainError, rateLimited } from '#shared/graphql/domain-error.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { AccountClient, AccountTransaction } from './account-client.ts';

/**
 * How many changes of all users can wait: each holds a connection of its gateway, which has 64 for everybody's commands.
 * Beyond that, nobody has several wait.
 */
const MAX_WAITING = 24;
/** How many of one user's that go first can wait beyond that. */
const MAX_FIRST = 2;

type Work<Result> = (transaction: AccountTransaction) => Promise<Result>;

/** A change that waits, of which one function is called. */
interface Waiting {
  readonly begin: () => void;
  readonly turnAway: () => void;
}

/** Who asks for something that goes first; no credential for what is recorded of the user. */
type UrgentAsker = Pick<AuditRecord, 'userId' | 'apiKeyId' | 'sessionId'> &
  Partial<Pick<AuditRecord, 'action'>>;

const NO_CREDENTIAL = '';

/** The waiting changes of one user. */
class WaitingChanges {
  /** By credential. The map's order is that in which credentials have their turns. */
  readonly #urgent = new Map<string, Waiting[]>();
  readonly others: Waiting[] = [];

  /** Makes room for one more that goes first, where too much waits already. @returns whether it can wait */
  makeRoomFor(asker: UrgentAsker): boolean {
    const credential = credentialOf(asker);
    if (credential === NO_CREDENTIAL) return true;
    if (this.#urgent.has(credential)) return false;
    // The user's way out. Few of both wait: passwords are hashed one at a time, and a used token ends its session once.
    if (asker.action === 'SIGNED_IN' || asker.action === 'REFRESH_TOKEN_REUSED') return true;
    return this.#urgent.size < MAX_FIRST || (asker.apiKeyId === null && this.#turnAwayKey());
  }

  addUrgent(asker: UrgentAsker, turn: Waiting): void {
    const credential = credentialOf(asker);
    const turns = this.#urgent.get(credential);
    if (turns === undefined) this.#urgent.set(credential, [turn]);
    else turns.push(turn);
  }

  next(): Waiting | undefined {
    for (const credential of this.#urgent.keys()) return this.#takeOf(credential);
    return this.others.shift();
  }

  /** A thief makes keys, and begins no session. @returns whether a key's change waited */
  #turnAwayKey(): boolean {
    const credential = [...this.#urgent.keys()].find((each) => each.startsWith(KEY));
    if (credential === undefined) return false;
    this.#takeOf(credential)?.turnAway();
    return true;
  }

  /** Takes the first of a credential, whose others are the last now. */
  #takeOf(credential: string): Waiting | undefined {
    const [first, ...others] = this.#urgent.get(credential) ?? [];
    this.#urgent.delete(credential);
    if (others.length > 0) this.#urgent.set(credential, others);
    return first;
  }
}

const KEY = 'key ';

function credentialOf({ apiKeyId, sessionId, action }: UrgentAsker): string {
  if (apiKeyId !== null) return `${KEY}${apiKeyId}`;
  if (sessionId === null) return NO_CREDENTIAL;
  // Whoever shows a used token ends the session of a thief, who can ask for many endings in that session.
  return action === 'REFRESH_TOKEN_REUSED' ? `${action} ${sessionId}` : sessionId;
}

/**
 * Runs the changes of one user one at a time, each in its own transaction. They would wait for each other anyway,
 * because each locks the user's row, but each would hold a connection meanwhile: a user who sends many at once would
 * leave no connections to others.
 */
export class UserTransactions {
  readonly #client: Pick<AccountClient, '$transaction'>;
  /** Those of each user who has a running change. */
  readonly #waiting = new Map<UserId, WaitingChanges>();
  /** How many of all users wait. */
  #count = 0;

  constructor(client: Pick<AccountClient, '$transaction'>) {
    this.#client = client;
  }

  /** @throws DomainError RATE_LIMITED, without doing anything, if too many are waiting, one of them of this user */
  run<Result>(userId: UserId, work: Work<Result>): Promise<Result> {
    const others = this.#waiting.get(userId)?.others.length ?? 0;
    if (this.#count >= MAX_WAITING && others > 0) return Promise.reject(tooManyWait());
    return this.#take(userId, work, (waiting, turn) => waiting.others.push(turn));
  }

  /**
   * Runs before all other waiting changes: it ends a credential that a thief may be using, or belongs to the sign-in that
   * this takes, and the thief could fill the queue. The user's credentials take turns, because the thief can ask for many
   * of these, too. Where too many wait, each credential has one waiting, and few of them have; then a session takes the
   * place of a key, which the thief can have made. A sign-in is never refused.
   * @throws DomainError RATE_LIMITED, without doing anything, if there is no place
   */
  runFirst<Result>(asker: UrgentAsker, work: Work<Result>): Promise<Result> {
    const isCrowded = this.#count >= MAX_WAITING;
    if (isCrowded && this.#waiting.get(asker.userId)?.makeRoomFor(asker) === false)
      return Promise.reject(tooManyWait());
    return this.#take(asker.userId, work, (waiting, turn) => waiting.addUrgent(asker, turn));
  }

  async #take<Result>(
    userId: UserId,
    work: Work<Result>,
    queue: (waiting: WaitingChanges, turn: Waiting) => void,
  ): Promise<Result> {
    const waiting = this.#waiting.get(userId);
    if (waiting === undefined) this.#waiting.set(userId, new WaitingChanges());
    else await this.#turnIn(waiting, queue);
    try {
      return await this.#client.$transaction(work);
    } finally {
      this.#leave(userId);
    }
  }

  async #turnIn(
    waiting: WaitingChanges,
    queue: (waiting: WaitingChanges, turn: Waiting) => void,
  ): Promise<void> {
    this.#count += 1;
    try {
      await new Promise<void>((begin, refuse) =>
        queue(waiting, { begin, turnAway: () => refuse(tooManyWait()) }),
      );
    } finally {
      this.#count -= 1;
    }
  }

  #leave(userId: UserId): void {
    const next = this.#waiting.get(userId)?.next();
    if (next === undefined) this.#waiting.delete(userId);
    else next.begin();
  }
}

function tooManyWait(): DomainError {
  return rateLimited('Too many of your changes are in progress; wait for some of them to finish.');
}
