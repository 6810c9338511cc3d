import { toTimestamp } from '#shared/domain/clock.ts';
import { parseAssetCode, trusted } from '#shared/domain/ids.ts';
import type {
  AssetStatement,
  StatementKey,
  StatementReads,
  StatementSpan,
  StatementSum,
} from '../domain/account-statement.ts';
import type { LedgerEntryType } from '../domain/ledger-entry.ts';
import type { AccountClient } from './account-client.ts';
import { moneyOfText } from './ledger-rows.ts';
import type { LedgerStore } from './ledger-store.ts';

interface SpanRow {
  readonly place: number;
  readonly first: bigint;
  readonly below: bigint;
}

interface EndsRow {
  readonly place: number;
  readonly asset_code: string;
  readonly scale: number;
  readonly opening: string;
  readonly closing: string;
}

interface SumRow {
  readonly place: number;
  readonly asset_code: string;
  readonly type: LedgerEntryType;
  readonly credits: string;
  readonly debits: string;
  readonly entry_count: number;
}

/** Reads account statements; the number of SQL statements does not grow with the number of accounts. */
export class StatementStore implements StatementReads {
  readonly #client: AccountClient;
  readonly #ledger: Pick<LedgerStore, 'past'>;

  constructor(client: AccountClient, ledger: Pick<LedgerStore, 'past'>) {
    this.#client = client;
    this.#ledger = ledger;
  }

  async spans(keys: readonly StatementKey[]): Promise<readonly StatementSpan[]> {
    await this.#ledger.past();
    const asked = keys.map(({ accountId, period: { from, to } }, place) => ({
      place,
      account_id: accountId,
      since: from === null ? null : toTimestamp(from),
      until: to === null ? null : toTimestamp(to),
    }));
    // No entry is older than the previous one (see `LedgerStore`).
    const rows = await this.#client.$queryRaw<SpanRow[]>`
      SELECT r.place, ends.first, greatest(ends.first, ends.below) AS below
      FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS r(place int, account_id text, since timestamptz, until timestamptz)
      CROSS JOIN LATERAL (
        SELECT coalesce((
          SELECT l.sequence + 1 FROM ledger_entries l WHERE l.account_id = r.account_id
          ORDER BY l.sequence DESC LIMIT 1
        ), 1) AS after_all
      ) written
      CROSS JOIN LATERAL (
        SELECT CASE WHEN r.since IS NULL THEN 1 ELSE coalesce((
          SELECT f.sequence FROM ledger_entries f
          WHERE f.account_id = r.account_id AND f.created_at >= r.since
          ORDER BY f.created_at, f.sequence LIMIT 1
        ), written.after_all) END AS first, coalesce((
          SELECT f.sequence FROM ledger_entries f
          WHERE f.account_id = r.account_id AND f.created_at >= r.until
          ORDER BY f.created_at, f.sequence LIMIT 1
        ), written.after_all) AS below
      ) ends
      ORDER BY r.place`;
    return keys.map(({ accountId }, place) => {
      const { first = 1n, below = 1n } = rows[place] ?? {};
      return { accountId, first, below };
    });
  }

  async assets(spans: readonly StatementSpan[]): Promise<readonly (readonly AssetStatement[])[]> {
    const asked = JSON.stringify(
      spans.map(({ accountId, first, below }, place) => ({
        place,
        account_id: accountId,
        first: `${first}`,
        below: `${below}`,
      })),
    );
    const [ends, sums] = await Promise.all([this.#ends(asked), this.#sums(asked)]);
    return spans.map((_, place) =>
      ends
        .filter((row) => row.place === place)
        .map(({ asset_code: code, scale, opening, closing }) => ({
          asset: trusted(parseAssetCode, code),
          scale,
          opening: moneyOfText(opening),
          closing: moneyOfText(closing),
          sums: sums.filter((row) => row.place === place && row.asset_code === code).map(sumOf),
        })),
    );
  }

  /** Reads the opening and closing balance of each asset: one index lookup for each. */
  #ends(asked: string): Promise<EndsRow[]> {
    return this.#client.$queryRaw<EndsRow[]>`
      SELECT r.place, b.asset_code, s.scale, coalesce(opening.total, 0)::text AS opening,
        closing.total::text AS closing
      FROM jsonb_to_recordset(${asked}::jsonb)
        AS r(place int, account_id text, first bigint, below bigint)
      JOIN balances b ON b.account_id = r.account_id
      JOIN assets s ON s.code = b.asset_code
      CROSS JOIN LATERAL (
        SELECT l.balance_after AS total FROM ledger_entries l
        WHERE l.account_id = r.account_id AND l.asset_code = b.asset_code AND l.sequence < r.below
        ORDER BY l.sequence DESC LIMIT 1
      ) closing
      LEFT JOIN LATERAL (
        SELECT l.balance_after AS total FROM ledger_entries l
        WHERE l.account_id = r.account_id AND l.asset_code = b.asset_code AND l.sequence < r.first
        ORDER BY l.sequence DESC LIMIT 1
      ) opening ON true
      ORDER BY r.place, b.asset_code`;
  }

  /** Adds up each statement separately, so that it reads only the entries of its own period. */
  #sums(asked: string): Promise<SumRow[]> {
    return this.#client.$queryRaw<SumRow[]>`
      SELECT r.place, l.asset_code, l.kind::text AS type, l.entry_count, l.credits::text, l.debits::text
      FROM jsonb_to_recordset(${asked}::jsonb)
        AS r(place int, account_id text, first bigint, below bigint)
      CROSS JOIN LATERAL (
        SELECT e.asset_code, e.type AS kind, count(*)::int AS entry_count,
          coalesce(sum(e.change) FILTER (WHERE e.change > 0), 0) AS credits,
          coalesce(-sum(e.change) FILTER (WHERE e.change < 0), 0) AS debits
        FROM ledger_entries e
        WHERE e.account_id = r.account_id AND e.sequence >= r.first AND e.sequence < r.below
        GROUP BY e.asset_code, e.type
      ) l
      ORDER BY r.place, l.asset_code, l.kind`;
  }
}

function sumOf({ type, credits, debits, entry_count: entryCount }: SumRow): StatementSum {
  return { type, credits: moneyOfText(credits), debits: moneyOfText(debits), entryCount };
}
