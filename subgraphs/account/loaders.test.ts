import { describe, expect, it } from 'vitest';
import type { AccountReads } from './domain/account-reads.ts';
import type { StatementReads } from './domain/account-statement.ts';
import type { EntryReads } from './domain/entry-reads.ts';
import type { RailReads } from './domain/rail.ts';
import { accountId, asset } from './domain/test-commands.ts';
import { createLoaders } from './loaders.ts';

/** Reads that know nothing but how often they were asked. */
function countingReads() {
  const asked: string[] = [];
  const accounts: AccountReads = {
    accounts: (ids) => {
      asked.push(`accounts ${ids.length}`);
      return Promise.resolve([]);
    },
    balances: (ids) => {
      asked.push(`balances ${ids.length}`);
      return Promise.resolve([]);
    },
    balancesAt: (keys) => {
      asked.push(`past ${keys.length}`);
      return Promise.resolve(keys.map(() => []));
    },
    knownAssets: (codes) => {
      asked.push(`known assets ${codes.length}`);
      return Promise.resolve(new Set(codes));
    },
    balanceSnapshot: () => Promise.reject(new Error('unused')),
    balanceSequence: () => Promise.reject(new Error('unused')),
    balanceEvents: () => Promise.reject(new Error('unused')),
  };
  const entries: EntryReads = {
    pages: (keys) => {
      asked.push(`pages ${keys.length}`);
      return Promise.resolve(keys.map(() => []));
    },
    movementOf: () => Promise.reject(new Error('unused')),
    isCorrectionAnswered: () => Promise.reject(new Error('unused')),
  };
  const statements: StatementReads = {
    spans: (keys) => {
      asked.push(`spans ${keys.length}`);
      return Promise.resolve(keys.map((key) => ({ ...key, first: 1n, below: 1n })));
    },
    assets: (spans) => {
      asked.push(`assets ${spans.length}`);
      return Promise.resolve(spans.map(() => []));
    },
  };
  const membersOf = (ids: readonly unknown[]) => {
    asked.push(`members ${ids.length}`);
    return Promise.resolve([]);
  };
  const members = { membersOf };
  const rails: RailReads = {
    suspensionsOf: (assets) => {
      asked.push(`suspensions ${assets.length}`);
      return Promise.resolve([]);
    },
  };
  return { asked, loaders: createLoaders({ accounts, entries, statements, rails, members }) };
}

describe('loaders', () => {
  it('ask once for each kind, however many accounts there are', async () => {
    const { asked, loaders } = countingReads();
    const ids = Array.from({ length: 21 }, (_, n) => accountId(`a${n}`));
    await Promise.all(
      ids.flatMap((id) => [
        loaders.accounts.load(id),
        loaders.balances.load(id),
        loaders.suspensions.load(asset('BTC')),
        loaders.pastBalances.load({ accountId: id, atMs: 0 }),
        loaders.statements.load({ accountId: id, period: { from: 0, to: null } }),
        loaders.entries.load({
          accountId: id,
          asset: null,
          omitsTrades: false,
          before: null,
          period: { from: null, to: null },
          limit: 10,
        }),
      ]),
    );
    expect(asked.sort()).toEqual([
      ...['accounts 21', 'assets 21', 'balances 21', 'pages 21', 'past 21', 'spans 21'],
      'suspensions 21',
    ]);
  });

  it('ask again later: a subscription must not tell an old state', async () => {
    const { asked, loaders } = countingReads();
    await loaders.accounts.load(accountId('a'));
    await loaders.accounts.load(accountId('a'));
    expect(asked).toHaveLength(2);
  });
});
