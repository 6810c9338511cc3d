import type { Clock } from '#shared/domain/clock.ts';
import { parseAccountId, parseClientAccountId } from '#shared/domain/ids.ts';
import { may } from '#shared/identity/permission.ts';
import type { Account } from '../../domain/account.ts';
import type { ApiKeyStore } from '../api-keys/api-key-store.ts';
import { type Caller, recordBy } from '../audit/audit-record.ts';
import type { NewIds } from '../credentials.ts';
import { parseDisplayName } from '../display-name.ts';
import type { OpenedAccount, OwnAccountStore } from './own-account-store.ts';

/** Why no account was opened; the first that applies, in this order. */
type OpenRefusalReason =
  | 'KEY_LIMITED_TO_ACCOUNTS'
  | 'INVALID_CLIENT_ACCOUNT_ID'
  | 'NAME_INVALID'
  | 'TOO_MANY_OWN_ACCOUNTS'
  | 'TOO_MANY_ACCOUNTS'
  | 'TOO_MANY_OPENED';

/** The outcome of opening an account. */
type OpenOutcome =
  | { readonly kind: 'opened'; readonly replayed: boolean; readonly account: OpenedAccount }
  | {
      readonly kind: 'conflict';
      readonly accountId: string;
      readonly differingFields: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: OpenRefusalReason };

/** Why an account keeps its name. */
type RenameRefusalReason =
  'NAME_INVALID' | 'NOT_A_CLIENT_ACCOUNT' | 'ACCOUNT_CLOSED' | 'ACCOUNT_FROZEN';

/** The outcome of renaming; another user's account is answered like one that does not exist. */
type RenameOutcome =
  | { readonly kind: 'renamed'; readonly account: Account }
  | { readonly kind: 'refused'; readonly reason: RenameRefusalReason }
  | { readonly kind: 'accountNotFound' };

/** Lets users open further accounts, for example to keep strategies apart, and name those that they own. */
export class OwnAccounts {
  readonly #store: OwnAccountStore;
  readonly #keys: Pick<ApiKeyStore, 'key'>;
  readonly #ids: Pick<NewIds, 'accountId'>;
  readonly #clock: Clock;

  constructor(options: {
    readonly store: OwnAccountStore;
    readonly keys: Pick<ApiKeyStore, 'key'>;
    readonly ids: Pick<NewIds, 'accountId'>;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#keys = options.keys;
    this.#ids = options.ids;
    this.#clock = options.clock;
  }

  /** Opens an account, once for each id of the user; a refusal does not use the id up. */
  async open(
    caller: Caller,
    request: { readonly clientAccountId: string; readonly name: string },
  ): Promise<OpenOutcome> {
    if (await this.#isLimitedToAccounts(caller)) return refused('KEY_LIMITED_TO_ACCOUNTS');
    const clientAccountId = parseClientAccountId(request.clientAccountId);
    if (clientAccountId === null) return refused('INVALID_CLIENT_ACCOUNT_ID');
    const name = parseDisplayName(request.name);
    if (name === null) return refused('NAME_INVALID');
    const opening = { clientAccountId, accountId: this.#ids.accountId(), name };
    const record = recordBy(caller, 'ACCOUNT_OPENED', null, this.#clock.now());
    const outcome = await this.#store.open(opening, record);
    if (outcome.kind === 'full') return refused(outcome.reason);
    // The name is the only field besides the id.
    if (outcome.kind === 'conflict') return { ...outcome, differingFields: ['name'] };
    return outcome;
  }

  /** Names an account that the caller owns. A frozen account keeps the name by which the desk knows it, and a closed one its last. */
  async rename(
    caller: Caller,
    request: { readonly accountId: string; readonly name: string },
  ): Promise<RenameOutcome> {
    const id = parseAccountId(request.accountId);
    if (id === null || !may(caller.viewer, 'NAME_ACCOUNTS', id)) return { kind: 'accountNotFound' };
    const name = parseDisplayName(request.name);
    if (name === null) return { kind: 'refused', reason: 'NAME_INVALID' };
    const record = recordBy(caller, 'ACCOUNT_RENAMED', id, this.#clock.now());
    const account = await this.#store.rename(id, name, record);
    switch (account) {
      case 'accountNotFound':
        return { kind: 'accountNotFound' };
      case 'notAClient':
        return { kind: 'refused', reason: 'NOT_A_CLIENT_ACCOUNT' };
      case 'closed':
        return { kind: 'refused', reason: 'ACCOUNT_CLOSED' };
      case 'frozen':
        return { kind: 'refused', reason: 'ACCOUNT_FROZEN' };
      default:
        return { kind: 'renamed', account };
    }
  }

  /** Such a key would open accounts that it cannot access, but its user's other keys can. */
  async #isLimitedToAccounts({ viewer: { credential } }: Caller): Promise<boolean> {
    if (credential.kind === 'session') return false;
    const key = await this.#keys.key(credential.keyId);
    return key === null || key.accountIds !== null;
  }
}

function refused(reason: OpenRefusalReason): OpenOutcome {
  return { kind: 'refused', reason };
}
