import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { SCOPES, type Scope } from '#shared/identity/viewer.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { newIds } from '../../subgraphs/account/identity/new-ids.ts';
import {
  addAccount,
  addApiKey,
  addOwner,
  addUser,
  type BalanceSheet,
  deposit,
} from './seed-steps.ts';
import { withStores } from './with-stores.ts';

/** A new trader with an account of their own. */
export interface SeededTrader {
  readonly accountId: AccountId;
  readonly userId: UserId;
  /** The whole key, as the client sends it. */
  readonly apiKey: string;
  readonly email: string;
}

/**
 * Creates a trader with one account, funded by real deposits, and an API key.
 * @param options.moreAccounts how many further accounts of the same balances they own
 * @param options.isDesk whether they also own the house's account, and so act for the desk
 * @param options.password lets them sign in; hashing it takes half a second
 * @param options.passwords a faster way to hash it
 * @param options.scopes the key's scopes; all if omitted
 */
export async function seedTrader(
  databaseUrl: string,
  options: {
    readonly name: string;
    readonly balances: BalanceSheet;
    readonly moreAccounts?: number;
    readonly isDesk?: boolean;
    readonly password?: string;
    readonly passwords?: PasswordHasher;
    readonly scopes?: readonly Scope[];
  },
): Promise<SeededTrader> {
  return withStores(databaseUrl, async (stores) => {
    const [userId, accountId] = [newIds.userId(), newIds.accountId()];
    const email = `${userId}@deskgraph.example`;
    const user = { id: userId, email, name: options.name };
    await addUser(stores, user, options.password, options.passwords);
    const more = Array.from({ length: options.moreAccounts ?? 0 }, () => newIds.accountId());
    for (const id of [accountId, ...more]) {
      await addAccount(stores, id, options.name, 'CLIENT');
      await addOwner(stores, userId, id);
      await deposit(stores, userId, id, options.balances);
    }
    if (options.isDesk === true) await addOwner(stores, userId, DESK_ACCOUNTS.HOUSE);
    const apiKey = await addApiKey(stores, userId, options.name, options.scopes ?? SCOPES);
    return { accountId, userId, apiKey, email };
  });
}
