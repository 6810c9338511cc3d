import { toTimestamp } from '#shared/domain/clock.ts';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import type { Account } from '../domain/account.ts';
import type { BalanceText } from '../domain/balance-event.ts';
import type {
  AccountReads,
  BalanceSnapshot,
  BalanceWithScale,
  PastBalancesKey,
  StoredBalanceEvent,
} from '../domain/account-reads.ts';
import type { AccountClient, Statements } from './account-client.ts';
import { accountOf } from './account-row.ts';
import { balanceOf, type BalanceRow } from './ledger-rows.ts';
import type { LedgerStore } from './ledger-store.ts';

/** The balances of accounts, by account and asset code. */
export async function readBalances(
  statements: Pick<Statements, '$queryRaw'>,
  accountIds: readonly AccountId[],
): Promise<readonly BalanceWithScale[]> {
  const rows = await statements.$queryRaw<(BalanceRow & { readonly scale: number })[]>`
    SELECT b.account_id, b.asset_code, b.total::text, b.locked::text, b.free::text,
      b.overdraft_allowed, b.sequence, b.changed_at, s.scale
    FROM balances b JOIN assets s ON s.code = b.asset_code
    WHERE b.account_id = ANY(${accountIds})
    ORDER BY b.account_id, b.asset_code`;
  return rows.map(({ scale, ...row }) => ({ balance: balanceOf(row), scale }));
}

function placeOf({ accountId, atMs }: PastBalancesKey): string {
  return `${accountId} ${atMs}`;
}

/** Reads accounts, balances and balance events; each method runs one statement, however many rows it reads. */
export class AccountStore implements AccountReads {
  readonly #client: AccountClient;
  readonly #ledger: Pick<LedgerStore, 'past'>;

  constructor(client: AccountClient, ledger: Pick<LedgerStore, 'past'>) {
    this.#client = client;
    this.#ledger = ledger;
  }

  async accounts(ids: readonly AccountId[]): Promise<readonly Account[]> {
    const rows = await this.#client.account.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(accountOf);
  }

  async balances(accountIds: readonly AccountId[]): Promise<readonly BalanceWithScale[]> {
    return readBalances(this.#client, accountIds);
  }

  async balancesAt(keys: readonly PastBalancesKey[]) {
    await this.#ledger.past();
    // Once, under however many names it is asked for.
    const asked = new Map(keys.map((key) => [placeOf(key), key]));
    const requests = [...asked].map(([place, { accountId, atMs }]) => ({
      place,
      account_id: accountId,
      at: toTimestamp(atMs),
    }));
    // An event lists the balances that it changed, as they were afterwards: two at most. Each of the two positions has
    // an index, which finds its last event.
    const rows = await this.#client.$queryRaw<{ place: string; balance: BalanceText }[]>`
      SELECT r.place, e.balance
      FROM jsonb_to_recordset(${JSON.stringify(requests)}::jsonb)
        AS r(place text, account_id text, at timestamptz)
      JOIN balances b USING (account_id)
      CROSS JOIN LATERAL (
        SELECT last.balance FROM (
          (SELECT v.created_at, v.sequence, v.event #> '{balances,0}' AS balance FROM balance_events v
            WHERE v.account_id = b.account_id AND v.event #>> '{balances,0,asset}' = b.asset_code
              AND v.created_at <= r.at
            ORDER BY v.created_at DESC, v.sequence DESC LIMIT 1)
          UNION ALL
          (SELECT v.created_at, v.sequence, v.event #> '{balances,1}' FROM balance_events v
            WHERE v.account_id = b.account_id AND v.event #>> '{balances,1,asset}' = b.asset_code
              AND v.created_at <= r.at
            ORDER BY v.created_at DESC, v.sequence DESC LIMIT 1)
        ) AS last
        ORDER BY last.created_at DESC, last.sequence DESC LIMIT 1
      ) e
      ORDER BY b.asset_code`;
    const found = new Map([...asked.keys()].map((place): [string, BalanceText[]] => [place, []]));
    for (const { place, balance } of rows) found.get(place)?.push(balance);
    return keys.map((key) => found.get(placeOf(key)) ?? []);
  }

  async knownAssets(codes: readonly AssetCode[]): Promise<ReadonlySet<AssetCode>> {
    const rows = await this.#client.asset.findMany({ where: { code: { in: [...codes] } } });
    const known = new Set(rows.map(({ code }) => code));
    return new Set(codes.filter((code) => known.has(code)));
  }

  async balanceSnapshot(accountId: AccountId): Promise<BalanceSnapshot> {
    type Row = BalanceRow & { readonly scale: number; readonly balance_sequence: bigint };
    // One statement, so that the balances and the sequence are from the same moment.
    const rows = await this.#client.$queryRaw<(Row | (Row & { readonly asset_code: null }))[]>`
      SELECT a.balance_sequence, b.account_id, b.asset_code, b.total::text, b.locked::text,
        b.free::text, b.overdraft_allowed, b.sequence, b.changed_at, s.scale
      FROM accounts a
      LEFT JOIN balances b ON b.account_id = a.id
      LEFT JOIN assets s ON s.code = b.asset_code
      WHERE a.id = ${accountId} ORDER BY b.asset_code`;
    return {
      sequence: rows[0]?.balance_sequence ?? 0n,
      balances: rows
        .filter((row) => row.asset_code !== null)
        .map((row) => ({ balance: balanceOf(row), scale: row.scale })),
    };
  }

  async balanceSequence(accountId: AccountId): Promise<bigint> {
    const row = await this.#client.account.findUnique({
      where: { id: accountId },
      select: { balanceSequence: true },
    });
    return row?.balanceSequence ?? 0n;
  }

  async balanceEvents(
    accountId: AccountId,
    afterSequence: bigint,
    limit: number,
  ): Promise<readonly StoredBalanceEvent[]> {
    return this.#client.balanceEvent.findMany({
      where: { accountId, sequence: { gt: afterSequence } },
      orderBy: { sequence: 'asc' },
      take: limit,
      select: { sequence: true, event: true },
    });
  }
}
