import type { Clock } from '#shared/domain/clock.ts';
import { MAX_REASON_LENGTH, parseDisplayText } from '#shared/domain/display-text.ts';
import { type AccountId, parseAccountId } from '#shared/domain/ids.ts';
import { type Account, DESK_ACCOUNTS } from '../../domain/account.ts';
import { type AuditRecord, type Caller, recordBy } from '../audit/audit-record.ts';
import type { Members } from './members.ts';
import type { SessionCode } from '../second-factor/session-code.ts';
import type { CodeRefusal } from '../sign-in/sign-in-code.ts';

/** The desk's request, as text. */
export interface FreezeRequest {
  readonly accountId: string;
  readonly isFrozen: boolean;
  readonly reason: string;
  /** Of the second factor; null if none is given. */
  readonly code: string | null;
}

/** Why nothing was changed. */
type FreezeRefusalReason =
  | 'NOT_THE_DESK'
  | 'REASON_INVALID'
  | CodeRefusal
  | 'ACCOUNT_NOT_FOUND'
  | 'NOT_A_CLIENT_ACCOUNT'
  | 'ACCOUNT_CLOSED';

/** The outcome of a request. */
export type FreezeOutcome =
  | { readonly kind: 'set'; readonly account: Account }
  | { readonly kind: 'refused'; readonly reason: FreezeRefusalReason };

/** The port for freezing accounts; each change is stored with its audit record, or neither is. */
export interface FreezeStore {
  /**
   * Freezes a client's account at the record's time, or unfreezes it.
   * @throws DomainError UNAUTHENTICATED if the record's credential has ended
   * @returns `notTheDesk` if the record's user does not own the house account now
   */
  setFreeze(
    accountId: AccountId,
    change: { readonly isFrozen: boolean; readonly reason: string },
    record: AuditRecord,
  ): Promise<Account | 'notTheDesk' | 'notThere' | 'notAClient' | 'closed'>;
}

/**
 * Lets the desk freeze a client's account, such as one that was taken over or is in dispute: the
 * ledger then places no hold for its orders and moves no money out of it or between it and another
 * account.
 */
export class AccountFreezes {
  readonly #store: FreezeStore;
  readonly #members: Pick<Members, 'mayNow'>;
  readonly #code: Pick<SessionCode, 'guard'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: FreezeStore;
    readonly members: Pick<Members, 'mayNow'>;
    readonly code: Pick<SessionCode, 'guard'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#members = options.members;
    this.#code = options.code;
    this.#clock = options.clock;
  }

  /**
   * A user who is not the desk learns nothing about what exists. Freezing needs no code, because it is urgent and lets
   * no money out.
   */
  async set(caller: Caller, request: FreezeRequest): Promise<FreezeOutcome> {
    const { HOUSE } = DESK_ACCOUNTS;
    if (!(await this.#members.mayNow(caller.viewer, 'FREEZE_ACCOUNTS', HOUSE)))
      return refused('NOT_THE_DESK');
    const reason = parseDisplayText(request.reason, MAX_REASON_LENGTH);
    if (reason === null) return refused('REASON_INVALID');
    const id = parseAccountId(request.accountId);
    if (id === null) return refused('ACCOUNT_NOT_FOUND');
    const { isFrozen } = request;
    const set = (by: Caller) => this.#set(by, id, { isFrozen, reason });
    return isFrozen ? set(caller) : this.#code.guard(caller, request.code, set);
  }

  async #set(
    caller: Caller,
    id: AccountId,
    change: { readonly isFrozen: boolean; readonly reason: string },
  ): Promise<FreezeOutcome> {
    const action = change.isFrozen ? 'ACCOUNT_FROZEN' : 'ACCOUNT_UNFROZEN';
    const record = recordBy(caller, action, id, this.#clock.now());
    const account = await this.#store.setFreeze(id, change, record);
    if (account === 'notTheDesk') return refused('NOT_THE_DESK');
    if (account === 'notThere') return refused('ACCOUNT_NOT_FOUND');
    if (account === 'notAClient') return refused('NOT_A_CLIENT_ACCOUNT');
    if (account === 'closed') return refused('ACCOUNT_CLOSED');
    return { kind: 'set', account };
  }
}

function refused(reason: FreezeRefusalReason): FreezeOutcome {
  return { kind: 'refused', reason };
}
