import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { Check } from './check.ts';

const { EXTERNAL, FEES } = DESK_ACCOUNTS;

/**
 * Every movement that a command of the ledger has asked for: of what type, what, how much, from whom to whom, under which
 * id, and what a correction corrects, why and for whom.
 */
const ASKED = `
  SELECT issuer || '.' || id AS id, id AS reference, at_ms,
    CASE body ->> 'mutation' WHEN 'deposit' THEN 'DEPOSIT' WHEN 'withdraw' THEN 'WITHDRAWAL'
      ELSE 'TRANSFER' END AS type, body ->> 'asset' AS asset, body ->> 'amount' AS amount,
    CASE body ->> 'mutation' WHEN 'deposit' THEN '${EXTERNAL}'
      WHEN 'withdraw' THEN body ->> 'accountId' ELSE body ->> 'fromAccountId' END AS payer,
    CASE body ->> 'mutation' WHEN 'withdraw' THEN '${EXTERNAL}'
      WHEN 'deposit' THEN body ->> 'accountId' ELSE body ->> 'toAccountId' END AS payee,
    NULL AS corrects, NULL AS reason, NULL AS actor
  FROM applied WHERE kind = 'moveMoney'
  UNION ALL
  SELECT concat(c.issuer, '/', c.id), c.id, at_ms, 'CORRECTION', t.asset_code, c.body ->> 'amount', t.to_account_id,
    t.from_account_id, c.body ->> 'entry', c.body ->> 'reason', c.issuer
  FROM applied c LEFT JOIN transfers t ON t.id = c.body ->> 'entry' WHERE c.kind = 'correct'
  UNION ALL
  SELECT concat(c.id, '.', leg.name), concat(c.id, '.', leg.name), at_ms, leg.type, leg.asset, leg.amount, leg.payer,
    leg.payee, NULL, NULL, NULL
  FROM applied c, LATERAL (VALUES
    ('base', 'TRADE', body ->> 'base', body ->> 'quantity', body ->> 'seller.accountId', body ->> 'buyer.accountId'),
    ('quote', 'TRADE', body ->> 'quote', body ->> 'cost', body ->> 'buyer.accountId', body ->> 'seller.accountId'),
    ('buyer-fee', 'FEE', body ->> 'quote', body ->> 'buyer.fee', body ->> 'buyer.accountId', '${FEES}'),
    ('seller-fee', 'FEE', body ->> 'quote', body ->> 'seller.fee', body ->> 'seller.accountId', '${FEES}'))
    AS leg(name, type, asset, amount, payer, payee)
  WHERE c.kind = 'settleTrade' AND leg.amount <> '0'`;

/** What must hold of movements between accounts, and of the holds that pay for them. */
export const MOVEMENT_CHECKS: readonly Check[] = [
  {
    name: 'transfers',
    promise:
      'A transfer has two entries of its type, asset and time, which take from one account what they give to the other.',
    sql: `SELECT coalesce(t.id, e.transfer_id) AS subject,
        format('%s from %s to %s, its %s entries take from %s and give %s to %s', t.amount, t.from_account_id,
          t.to_account_id, coalesce(e.count, 0), e.payer, e.gain, e.payee) AS detail
      FROM transfers t FULL JOIN (
        SELECT transfer_id, count(*), sum(change), max(change) AS gain,
          min(account_id) FILTER (WHERE change < 0) AS payer, min(account_id) FILTER (WHERE change > 0) AS payee,
          min(asset_code) AS asset, max(asset_code) AS other_asset, min(type) AS type, max(type) AS other_type,
          min(created_at) AS at, max(created_at) AS other_at
        FROM ledger_entries GROUP BY transfer_id) e ON e.transfer_id = t.id
      WHERE (e.count, e.sum, e.gain, e.payer, e.payee, e.asset, e.other_asset, e.type, e.other_type, e.at, e.other_at)
        IS DISTINCT FROM (2::bigint, 0::numeric, t.amount, t.from_account_id, t.to_account_id, t.asset_code,
          t.asset_code, t.type, t.type, t.created_at, t.created_at)`,
  },
  {
    name: 'commands',
    promise:
      'Every movement was asked for by a command, and every command that was applied has moved what it says, when it says.',
    sql: `WITH applied AS NOT MATERIALIZED (
          SELECT *, (outcome ->> 'atMs')::numeric AS at_ms FROM funds_commands WHERE outcome ->> 'kind' = 'applied'),
        asked AS (${ASKED})
      SELECT coalesce(t.id, a.id) AS subject,
        format('asked for %s, made %s', to_jsonb(a), to_jsonb(t)) AS detail
      FROM transfers t FULL JOIN asked a ON a.id = t.id
      WHERE (t.reference, extract(epoch FROM t.created_at) * 1000, t.type::text, t.amount, t.asset_code,
          t.from_account_id, t.to_account_id, t.corrects_id, t.reason, t.actor)
        IS DISTINCT FROM (a.reference, a.at_ms, a.type, a.amount::numeric, a.asset, a.payer, a.payee, a.corrects,
          a.reason, a.actor)`,
  },
  {
    name: 'scales',
    promise: 'No amount that is moved or held is finer than its asset.',
    sql: `SELECT r.id AS subject, format('%s of %s, which has %s digits', r.amount, r.asset_code, s.scale) AS detail
      FROM (SELECT id, asset_code, amount FROM transfers
        UNION ALL SELECT id, asset_code, unnest(ARRAY[placed, settled, released]) FROM holds
          WHERE asset_code IS NOT NULL) r
      LEFT JOIN assets s ON s.code = r.asset_code
      WHERE s.code IS NULL OR scale(trim_scale(r.amount)) > s.scale`,
  },
  {
    name: 'held',
    promise:
      'A hold has placed what commands asked for, and has paid what the trades of its order took.',
    sql: `SELECT coalesce(h.id, c.id) AS subject,
        format('%s of %s is settled, commands asked for %s and trades took %s', h.settled, h.placed, c.amount,
          coalesce(e.taken, 0)) AS detail
      FROM holds h
      FULL JOIN (
        SELECT coalesce(body ->> 'holdId', id) AS id, sum((body ->> 'amount')::numeric) AS amount
        FROM funds_commands
        WHERE kind IN ('placeHold', 'growHold') AND outcome ->> 'kind' = 'applied' GROUP BY 1) c ON c.id = h.id
      LEFT JOIN (
        SELECT order_id, account_id, asset_code, -sum(change) AS taken
        FROM ledger_entries WHERE order_id IS NOT NULL AND change < 0
        GROUP BY order_id, account_id, asset_code) e USING (order_id, account_id, asset_code)
      WHERE h.id IS NULL OR h.settled <> coalesce(e.taken, 0)
        OR (h.status IN ('PLACED', 'SETTLED', 'RELEASED') AND h.placed IS DISTINCT FROM c.amount)`,
  },
  {
    name: 'corrections',
    promise: 'Corrections of a transfer reverse it, and never exceed its amount.',
    sql: `SELECT c.corrects_id AS subject,
        format('corrections of %s for a transfer of %s', sum(c.amount), coalesce(max(t.amount), 0)) AS detail
      FROM transfers c LEFT JOIN transfers t ON t.id = c.corrects_id AND t.asset_code = c.asset_code
        AND t.from_account_id = c.to_account_id AND t.to_account_id = c.from_account_id
      WHERE c.corrects_id IS NOT NULL
      GROUP BY c.corrects_id HAVING sum(c.amount) > coalesce(max(t.amount), 0)`,
  },
];
