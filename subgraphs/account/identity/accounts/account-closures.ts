import type { Clock } from '#shared/domain/clock.ts';
import { type AccountId, parseAccountId } from '#shared/domain/ids.ts';
import { type ClosureStanding, closureStandingOf } from '../../domain/account-closure.ts';
import type { AccountReads } from '../../domain/account-reads.ts';
import { type AuditRecord, type Caller, recordBy } from '../audit/audit-record.ts';
import type { Members } from './members.ts';
import type { SessionCode } from '../second-factor/session-code.ts';
import type { CodeRefused } from '../sign-in/sign-in-code.ts';

/** The account to close, as text. */
export interface ClosureRequest {
  readonly accountId: string;
  /** Of the second factor; null if none is given. */
  readonly code: string | null;
}

/** An account that is closed, now or since an earlier request. */
interface Closed {
  readonly kind: 'closed';
  readonly replayed: boolean;
  /** Milliseconds since the epoch. */
  readonly closedAtMs: number;
}

/** What keeps an account open. */
type KeptOpen = Exclude<ClosureStanding, { readonly kind: 'closable' | 'closed' }>;

/** The outcome of a request; another user's account is answered like one that does not exist. */
export type ClosureOutcome = Closed | KeptOpen | CodeRefused | { readonly kind: 'accountNotFound' };

/** The port for closing accounts; each closure is stored with its audit record, or neither is. */
export interface ClosureStore {
  /**
   * Closes an account that has nothing, at the record's time, and withdraws its open invitations. The ledger either
   * changes the account before that, which can keep it open, or finds it closed.
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   * @returns `accountNotFound` if the record's user is not an owner of the account now
   */
  close(
    accountId: AccountId,
    record: AuditRecord,
  ): Promise<Closed | KeptOpen | { readonly kind: 'accountNotFound' }>;
}

/** Lets an owner close an account that has nothing left: it stays readable, and nothing reaches it again. */
export class AccountClosures {
  readonly #store: ClosureStore;
  readonly #accounts: Pick<AccountReads, 'accounts' | 'balances'>;
  readonly #members: Pick<Members, 'mayNow'>;
  readonly #code: Pick<SessionCode, 'guard'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: ClosureStore;
    readonly accounts: Pick<AccountReads, 'accounts' | 'balances'>;
    readonly members: Pick<Members, 'mayNow'>;
    readonly code: Pick<SessionCode, 'guard'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#accounts = options.accounts;
    this.#members = options.members;
    this.#code = options.code;
    this.#clock = options.clock;
  }

  /** Closes an account, once: it is closed for good, so a repetition gets the same answer. */
  async close(caller: Caller, request: ClosureRequest): Promise<ClosureOutcome> {
    const id = parseAccountId(request.accountId);
    if (id === null || !(await this.#members.mayNow(caller.viewer, 'CLOSE_ACCOUNTS', id)))
      return { kind: 'accountNotFound' };
    // Before the code: a repetition needs none.
    const standing = await this.#standingOf(id);
    if (standing.kind === 'closed') return { ...standing, replayed: true };
    if (standing.kind !== 'closable') return standing;
    const atMs = this.#clock.now();
    const outcome = await this.#code.guard(caller, request.code, (proven) =>
      this.#store.close(id, recordBy(proven, 'ACCOUNT_CLOSED', id, atMs)),
    );
    if (outcome.kind !== 'refused') return outcome;
    // The same request, sent twice at once, may have closed it meanwhile and used the code up.
    const after = await this.#standingOf(id);
    return after.kind === 'closed' ? { ...after, replayed: true } : outcome;
  }

  async #standingOf(
    id: AccountId,
  ): Promise<ClosureStanding | { readonly kind: 'accountNotFound' }> {
    const [account] = await this.#accounts.accounts([id]);
    if (account === undefined) return { kind: 'accountNotFound' };
    return closureStandingOf(account, await this.#accounts.balances([id]));
  }
}
