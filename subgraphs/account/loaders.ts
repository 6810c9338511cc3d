import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import type { AccountReads, BalanceWithScale, PastBalancesKey } from './domain/account-reads.ts';
import {
  readStatements,
  type StatementKey,
  type StatementOutcome,
  type StatementReads,
} from './domain/account-statement.ts';
import type { Account } from './domain/account.ts';
import type { RailReads, RailSuspension } from './domain/rail.ts';
import type { BalanceText } from './domain/balance-event.ts';
import type { EntryPageKey, EntryReads, EntryWithScale } from './domain/entry-reads.ts';
import type { Member, MemberReads } from './identity/accounts/member-store.ts';

/** What one request reads in batches. */
export interface AccountLoaders {
  /** Null for an unknown id. */
  readonly accounts: LazyLoader<AccountId, Account | null>;
  /** By asset code. */
  readonly balances: LazyLoader<AccountId, readonly BalanceWithScale[]>;
  /** By asset code, as they were at an instant. */
  readonly pastBalances: LazyLoader<PastBalancesKey, readonly BalanceText[]>;
  readonly entries: LazyLoader<EntryPageKey, readonly EntryWithScale[]>;
  /** Whether it is an asset of the desk. */
  readonly isAsset: LazyLoader<AssetCode, boolean>;
  /** Of its rails. */
  readonly suspensions: LazyLoader<AssetCode, readonly RailSuspension[]>;
  readonly statements: LazyLoader<StatementKey, StatementOutcome>;
  /** Owners first, then by name. */
  readonly members: LazyLoader<AccountId, readonly Member[]>;
}

/**
 * Loaders for one request. They gather what one turn asks for into one statement and remember
 * nothing: a subscription's request lives for hours, and must not return an old state.
 */
export function createLoaders(reads: {
  readonly accounts: AccountReads;
  readonly entries: EntryReads;
  readonly statements: StatementReads;
  readonly rails: RailReads;
  readonly members: Pick<MemberReads, 'membersOf'>;
}): AccountLoaders {
  const settings = { cache: false };
  return {
    accounts: new LazyLoader(async (ids) => {
      const accounts = await reads.accounts.accounts(ids);
      const byId = new Map(accounts.map((account) => [account.id, account]));
      return ids.map((id) => byId.get(id) ?? null);
    }, settings),
    balances: new LazyLoader(async (ids) => {
      const balances = await reads.accounts.balances(ids);
      return ids.map((id) => balances.filter(({ balance }) => balance.accountId === id));
    }, settings),
    pastBalances: new LazyLoader((keys) => reads.accounts.balancesAt(keys), settings),
    entries: new LazyLoader((keys) => reads.entries.pages(keys), settings),
    isAsset: new LazyLoader(async (codes) => {
      const known = await reads.accounts.knownAssets(codes);
      return codes.map((code) => known.has(code));
    }, settings),
    suspensions: new LazyLoader(async (codes) => {
      const all = await reads.rails.suspensionsOf(codes);
      return codes.map((code) => all.filter(({ asset }) => asset === code));
    }, settings),
    statements: new LazyLoader((keys) => readStatements(reads.statements, keys), settings),
    members: new LazyLoader(async (ids) => {
      const members = await reads.members.membersOf(ids);
      return ids.map((id) => members.filter(({ accountId }) => accountId === id));
    }, settings),
  };
}
