import type pg from 'pg';
import { formatMoney, moneyOfUnits } from '#shared/domain/money.ts';
import type { Finding } from './check.ts';

/** An amount in one store, with its key. */
interface Amount {
  readonly key: string;
  /** Text that is equal for equal amounts. */
  readonly amount: string;
}

/** What changes of an asset come to in one store. */
interface Changes {
  /** A count of 10^-18. */
  readonly sum: bigint;
  readonly count: bigint;
  /** Two lists of changes have the same one only if every fill has the same changes in both. */
  readonly digest: bigint;
}
const NO_CHANGES: Changes = { sum: 0n, count: 0n, digest: 0n };

/** Orders with commands that have not reached the ledger yet; both sides leave them out. */
const UNTOLD = `
  WITH unsent AS (SELECT kind, payload FROM outbox WHERE sent_at IS NULL),
  unsent_orders AS (
    SELECT payload ->> 'orderId' AS id FROM unsent WHERE kind IN ('shrinkHold', 'releaseHold')
    UNION SELECT payload #>> '{buyer,orderId}' FROM unsent WHERE kind = 'settleTrade'
    UNION SELECT payload #>> '{seller,orderId}' FROM unsent WHERE kind = 'settleTrade')`;

/** For every open order: the amount still held for it. */
const OPEN_ORDERS = `${UNTOLD}
  SELECT id AS key, trim_scale(hold_remaining)::text AS amount FROM orders
  WHERE closed_at IS NULL AND status NOT IN ('SUBMITTED', 'PENDING_UPDATE')
    AND id NOT IN (SELECT id FROM unsent_orders WHERE id IS NOT NULL)`;
/** Orders that may or may not have a hold at this moment. */
const UNSETTLED_ORDERS = `${UNTOLD}
  SELECT id AS key, '' AS amount FROM unsent_orders WHERE id IS NOT NULL
  UNION SELECT id, '' FROM orders WHERE status IN ('SUBMITTED', 'PENDING_UPDATE')`;
const OPEN_HOLDS = `
  SELECT id AS key, trim_scale(placed - settled - released)::text AS amount
  FROM holds WHERE status = 'PLACED'`;

/** See {@link Changes}. */
const CHANGES = `trunc(sum(change) * 1e18)::text AS sum, count(*)::text AS count,
  sum(('x' || left(md5(concat_ws(' ', order_id, fill_id, type, trim_scale(change))), 15))::bit(60)::bigint)::text AS digest`;
/** What each account gained and lost by fills that have reached the ledger. */
const FILLS = `${UNTOLD}
  SELECT concat_ws(' ', account_id, asset) AS key, ${CHANGES}
  FROM (
    SELECT account_id, order_id, trade_id, id AS fill_id, 'TRADE' AS type, split_part(symbol, '-', 1) AS asset,
      CASE side WHEN 'BUY' THEN quantity ELSE -quantity END AS change FROM fills
    UNION ALL
    SELECT account_id, order_id, trade_id, id, 'TRADE', split_part(symbol, '-', 2),
      CASE side WHEN 'BUY' THEN -quote_quantity ELSE quote_quantity END FROM fills
    UNION ALL
    SELECT account_id, order_id, trade_id, id, 'FEE', split_part(symbol, '-', 2), -fee FROM fills WHERE fee <> 0) AS changes
  WHERE trade_id NOT IN (SELECT payload ->> 'tradeId' FROM unsent WHERE kind = 'settleTrade')
  GROUP BY account_id, asset`;
/** Fills that may or may not have reached the ledger: it can have applied a command that is not marked yet. */
const UNSENT_FILLS = `${UNTOLD}
  SELECT fill_id AS key, '' AS amount
  FROM unsent, unnest(ARRAY[payload #>> '{buyer,fillId}', payload #>> '{seller,fillId}']) AS fill_id
  WHERE kind = 'settleTrade'`;
/** Without the fills in the first value. */
const SETTLEMENTS = `
  SELECT concat_ws(' ', e.account_id, e.asset_code) AS key, ${CHANGES}
  FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
  WHERE e.type IN ('TRADE', 'FEE') AND a.kind = 'CLIENT'
    AND (e.fill_id IS NULL OR e.fill_id <> ALL ($1::text[]))
  GROUP BY e.account_id, e.asset_code`;

/** The comparisons between the two stores, each with its promise. */
export const COMPARISONS = [
  {
    name: 'holds',
    promise: 'Every open order has its hold, with what it still needs, and every hold its order.',
  },
  {
    name: 'settlements',
    promise: 'Each fill of an account was settled as it is, and nothing else was.',
  },
] as const;

type Comparison = (typeof COMPARISONS)[number]['name'];

/**
 * Compares the order store with the account store. Each has its own snapshot, so a change at that moment
 * can show up as a finding; a second look does not confirm it. What is wrong stays the same in both looks, also on an
 * account that goes on trading.
 */
export async function compareStores(
  account: pg.Client,
  order: pg.Client,
): Promise<readonly Finding[]> {
  const unsettled = new Set((await amountsOf(order, UNSETTLED_ORDERS)).keys());
  const orders = await amountsOf(order, OPEN_ORDERS);
  const holds = await amountsOf(account, OPEN_HOLDS);
  const fills = await changesOf(order, FILLS);
  const unsent = [...(await amountsOf(order, UNSENT_FILLS)).keys()];
  const settlements = await changesOf(account, SETTLEMENTS, [unsent]);
  return [
    ...differingHolds(orders, holds).filter(({ subject }) => !unsettled.has(subject)),
    ...differingChanges(fills, settlements),
  ];
}

async function amountsOf(client: pg.Client, sql: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<Amount>(sql);
  return new Map(rows.map(({ key, amount }) => [key, amount]));
}

async function changesOf(
  client: pg.Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<ReadonlyMap<string, Changes>> {
  type Row = Readonly<Record<'key' | keyof Changes, string>>;
  const { rows } = await client.query<Row>(sql, [...values]);
  return new Map(
    rows.map(({ key, sum, count, digest }) => [
      key,
      { sum: BigInt(sum), count: BigInt(count), digest: BigInt(digest) },
    ]),
  );
}

function differingHolds(
  orders: ReadonlyMap<string, string>,
  holds: ReadonlyMap<string, string>,
): readonly Finding[] {
  return keysOf(orders, holds).flatMap((subject) => {
    const [needed, held] = [orders.get(subject) ?? 'nothing', holds.get(subject) ?? 'nothing'];
    if (needed === held) return [];
    const detail = `the order needs ${needed}, the hold has ${held}`;
    return [{ check: 'holds' satisfies Comparison, subject, detail }];
  });
}

/** A finding names only the difference: what both stores have grows while the account trades. */
function differingChanges(
  fills: ReadonlyMap<string, Changes>,
  settlements: ReadonlyMap<string, Changes>,
): readonly Finding[] {
  return keysOf(fills, settlements).flatMap((subject) => {
    const [filled, settled] = [
      fills.get(subject) ?? NO_CHANGES,
      settlements.get(subject) ?? NO_CHANGES,
    ];
    const sum = filled.sum - settled.sum;
    const count = filled.count - settled.count;
    const digest = filled.digest - settled.digest;
    if (sum === 0n && count === 0n && digest === 0n) return [];
    const detail = `fills less settlements come to ${formatMoney(moneyOfUnits(sum))} in ${count} changes of digest ${digest}`;
    return [{ check: 'settlements' satisfies Comparison, subject, detail }];
  });
}

function keysOf(...maps: readonly ReadonlyMap<string, unknown>[]): readonly string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}
