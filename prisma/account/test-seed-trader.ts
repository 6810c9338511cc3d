import type { AccountId, UserId } from '#shared/domain/ids.ts';
import { SCOPES, type Scope } from '#shared/identity/viewer.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { newIds } from '../../subgraphs/account/identity/new-ids.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';
import {
  addAccount,
  addApiKey,
  addOwner,
  addUser,
  type BalanceSheet,
  deposit,
} from './seed-steps.ts';
import { openStores, withStores } from './with-stores.ts';

/** A new trader with an account of their own. */
export interface SeededTrader {
  readonly accountId: AccountId;
  readonly userId: UserId;
  /** The whole key, as the client sends it. */
  readonly apiKey: string;
  readonly email: string;
}

/** What a new trader has. */
export interface TraderSeed {
  readonly name: string;
  readonly balances: BalanceSheet;
  /** How many further accounts of the same balances they own. */
  readonly moreAccounts?: number;
  /** Whether they also own the house's account, and so act for the desk. */
  readonly isDesk?: boolean;
  /** Lets them sign in; hashing it takes half a second. */
  readonly password?: string;
  /** A faster way to hash it. */
  readonly passwords?: PasswordHasher;
  /** The key's scopes; all if omitted. */
  readonly scopes?: readonly Scope[];
}

/**
 * Creates traders in one store, which it opens for the first and keeps open: that takes several times as long as the
 * traders themselves.
 */
export class TraderSeeds {
  readonly #databaseUrl: string;
  #stores: AccountStores | undefined;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Creates a trader with one account, funded by real deposits, and an API key. */
  add(seed: TraderSeed): Promise<SeededTrader> {
    this.#stores ??= openStores(this.#databaseUrl);
    return addTrader(this.#stores, seed);
  }

  /** Ends its connections, if there are any. */
  async close(): Promise<void> {
    await this.#stores?.close();
  }
}

/** Creates a single trader. See {@link TraderSeeds.add} */
export function seedTrader(databaseUrl: string, seed: TraderSeed): Promise<SeededTrader> {
  return withStores(databaseUrl, (stores) => addTrader(stores, seed));
}

async function addTrader(stores: AccountStores, seed: TraderSeed): Promise<SeededTrader> {
  const [userId, accountId] = [newIds.userId(), newIds.accountId()];
  const email = `${userId}@deskgraph.example`;
  const user = { id: userId, email, name: seed.name };
  await addUser(stores, user, seed.password, seed.passwords);
  const more = Array.from({ length: seed.moreAccounts ?? 0 }, () => newIds.accountId());
  for (const id of [accountId, ...more]) {
    await addAccount(stores, id, seed.name, 'CLIENT');
    await addOwner(stores, userId, id);
    await deposit(stores, userId, id, seed.balances);
  }
  if (seed.isDesk === true) await addOwner(stores, userId, DESK_ACCOUNTS.HOUSE);
  const apiKey = await addApiKey(stores, userId, seed.name, seed.scopes ?? SCOPES);
  return { accountId, userId, apiKey, email };
}
