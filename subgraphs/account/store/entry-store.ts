import { toTimestamp } from '#shared/domain/clock.ts';
import {
  type AccountId,
  parseAccountId,
  parseAssetCode,
  parseFillId,
  parseOrderId,
  parseUserId,
  type TransferId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { HIGHEST_SEQUENCE } from '#shared/domain/sequence.ts';
import type {
  EntryOrigin,
  EntryPageKey,
  EntryReads,
  EntryWithScale,
} from '../domain/entry-reads.ts';
import type { LedgerEntryType } from '../domain/ledger-entry.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { CommandKey } from '../domain/ledger-outcome.ts';
import type { AccountClient } from './account-client.ts';
import { moneyOfText } from './ledger-rows.ts';
import type { LedgerStore } from './ledger-store.ts';

interface EntryRow {
  readonly page: number;
  readonly account_id: string;
  readonly sequence: bigint;
  readonly type: LedgerEntryType;
  readonly asset_code: string;
  readonly change: string;
  readonly balance_after: string;
  readonly transfer_id: string;
  readonly order_id: string | null;
  readonly fill_id: string | null;
  readonly created_at: Date;
  readonly scale: number;
  readonly reason: string | null;
  readonly corrected: string | null;
  readonly other_account_id: string | null;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly address: string | null;
}

interface MovementRow {
  readonly id: string;
  readonly asset_code: string;
  readonly amount: string;
  readonly from_account_id: string;
  readonly to_account_id: string;
}

const CHOICES_OF_ASSET = [
  Prisma.sql`r.asset_code IS NULL`,
  Prisma.sql`l.asset_code = r.asset_code`,
] as const;
const CHOICES_OF_TYPE = [
  Prisma.sql`NOT r.without_trades`,
  // In the words of the partial indexes, which hold such entries alone.
  Prisma.sql`r.without_trades AND l.type IN ('DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'CORRECTION')`,
] as const;
/** The newest entries of a request `r` within its bounds, for each choice; all but one are empty. */
const BRANCHES = CHOICES_OF_ASSET.flatMap((ofAsset) =>
  CHOICES_OF_TYPE.map(
    (ofType) => Prisma.sql`
      (SELECT * FROM ledger_entries l
        WHERE ${ofAsset} AND ${ofType} AND l.account_id = r.account_id
          AND l.sequence >= bounds.first AND l.sequence < bounds.below
        ORDER BY l.sequence DESC LIMIT r."limit")`,
  ),
);

/** The other side of an entry's movement `t`, if that is a transfer. */
const OTHER_ACCOUNT = Prisma.sql`
  CASE WHEN e.type = 'TRANSFER' THEN
    CASE t.from_account_id WHEN e.account_id THEN t.to_account_id ELSE t.from_account_id END
  END`;
/** The user whose id is in front of the movement's reference in its id. The limits keep the planner from reading all. */
const REQUESTER = Prisma.sql`
  SELECT u.id, u.name FROM users u
  WHERE e.type IN ('DEPOSIT', 'WITHDRAWAL', 'TRANSFER')
    AND u.id = left(t.id, -1 - length(t.reference)) LIMIT 1`;
/** The address that was part of a withdrawal's command. */
const SAVED_ADDRESS = Prisma.sql`
  SELECT w.address FROM funds_commands c
  JOIN withdrawal_addresses w ON w.id = c.body ->> 'addressId'
  WHERE e.type = 'WITHDRAWAL' AND c.issuer = u.id AND c.id = t.reference
    AND c.kind = ${'moveMoney' satisfies CommandKey['kind']} LIMIT 1`;

/** Reads ledger entries. */
export class EntryStore implements EntryReads {
  readonly #client: AccountClient;
  readonly #ledger: Pick<LedgerStore, 'past'>;

  constructor(client: AccountClient, ledger: Pick<LedgerStore, 'past'>) {
    this.#client = client;
    this.#ledger = ledger;
  }

  async pages(keys: readonly EntryPageKey[]): Promise<readonly (readonly EntryWithScale[])[]> {
    if (keys.some(({ period }) => period.to !== null)) await this.#ledger.past();
    const requests = keys.map(({ accountId, asset, omitsTrades, before, period, limit }, page) => ({
      page,
      account_id: accountId,
      asset_code: asset,
      without_trades: omitsTrades,
      before: before === null ? null : `${before}`,
      since: timestampOf(period.from),
      until: timestampOf(period.to),
      limit,
    }));
    // Each branch uses one index; no index can serve an OR. A period is read by its first and last sequence, because no
    // entry is older than the previous one (see `LedgerStore`). So a page costs only its own rows, however long the
    // history.
    const rows = await this.#client.$queryRaw<EntryRow[]>`
      SELECT r.page, e.account_id, e.sequence, e.type::text, e.asset_code, e.change::text,
        e.balance_after::text, t.reference AS transfer_id, e.order_id, e.fill_id, e.created_at,
        s.scale, t.reason, o.reference AS corrected, ${OTHER_ACCOUNT} AS other_account_id,
        u.id AS user_id, u.name AS user_name, w.address
      FROM jsonb_to_recordset(${JSON.stringify(requests)}::jsonb)
        AS r(page int, account_id text, asset_code text, without_trades boolean, before bigint,
          since timestamptz, until timestamptz, "limit" int)
      CROSS JOIN LATERAL (
        SELECT CASE WHEN r.since IS NULL THEN 0 ELSE coalesce((
          SELECT f.sequence FROM ledger_entries f
          WHERE f.account_id = r.account_id AND f.created_at >= r.since
          ORDER BY f.created_at, f.sequence LIMIT 1
        ), ${HIGHEST_SEQUENCE}) END AS first, least(coalesce(r.before, ${HIGHEST_SEQUENCE}), (
          SELECT f.sequence FROM ledger_entries f
          WHERE f.account_id = r.account_id AND f.created_at >= r.until
          ORDER BY f.created_at, f.sequence LIMIT 1
        )) AS below
      ) bounds
      CROSS JOIN LATERAL (
        ${Prisma.join(BRANCHES, ' UNION ALL ')}
      ) e
      JOIN transfers t ON t.id = e.transfer_id
      LEFT JOIN transfers o ON o.id = t.corrects_id
      JOIN assets s ON s.code = e.asset_code
      LEFT JOIN LATERAL (${REQUESTER}) u ON true
      LEFT JOIN LATERAL (${SAVED_ADDRESS}) w ON true
      ORDER BY r.page, e.sequence DESC`;
    return keys.map((_, page) => rows.filter((row) => row.page === page).map(entryOf));
  }

  async isCorrectionAnswered(issuer: UserId, id: TransferId) {
    const kind: CommandKey['kind'] = 'correct';
    return (await this.#client.fundsCommand.count({ where: { issuer, kind, id } })) > 0;
  }

  async movementOf(accountId: AccountId, sequence: bigint) {
    const [row] = await this.#client.$queryRaw<MovementRow[]>`
      SELECT t.id, t.asset_code, t.amount::text, t.from_account_id, t.to_account_id
      FROM ledger_entries e JOIN transfers t ON t.id = e.transfer_id
      WHERE e.account_id = ${accountId} AND e.sequence = ${sequence}`;
    if (row === undefined) return null;
    return {
      id: row.id,
      asset: trusted(parseAssetCode, row.asset_code),
      amount: moneyOfText(row.amount),
      from: trusted(parseAccountId, row.from_account_id),
      to: trusted(parseAccountId, row.to_account_id),
    };
  }
}

function timestampOf(atMs: number | null): string | null {
  return atMs === null ? null : toTimestamp(atMs);
}

function originOf({ other_account_id, user_id, user_name, address }: EntryRow): EntryOrigin {
  return {
    otherAccountId: other_account_id === null ? null : trusted(parseAccountId, other_account_id),
    withdrawalAddress: address,
    requestedBy:
      user_id === null || user_name === null
        ? null
        : { id: trusted(parseUserId, user_id), name: user_name },
  };
}

function entryOf(row: EntryRow): EntryWithScale {
  const accountId: AccountId = trusted(parseAccountId, row.account_id);
  const { scale, reason, corrected } = row;
  return {
    scale,
    origin: originOf(row),
    correction: reason === null || corrected === null ? null : { transferId: corrected, reason },
    entry: {
      accountId,
      sequence: row.sequence,
      type: row.type,
      asset: trusted(parseAssetCode, row.asset_code),
      change: moneyOfText(row.change),
      balanceAfter: moneyOfText(row.balance_after),
      transferId: row.transfer_id,
      orderId: row.order_id === null ? null : trusted(parseOrderId, row.order_id),
      fillId: row.fill_id === null ? null : trusted(parseFillId, row.fill_id),
      atMs: row.created_at.getTime(),
    },
  };
}
