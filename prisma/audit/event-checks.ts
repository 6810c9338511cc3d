import type { Check } from './check.ts';

/**
 * Every balance that an event has reported, with the previous one of the same asset, and whether the event is what its
 * row says.
 */
const TOLD = `
  SELECT e.*, lag(total, 1, 0::numeric) OVER of_asset AS total_before, lag(locked, 1, 0::numeric) OVER of_asset AS locked_before
  FROM (
    SELECT account_id, sequence, created_at, event #>> '{cause,type}' AS cause, event #>> '{cause,orderId}' AS order_id,
      coalesce(event #>> '{cause,tradeId}', event #>> '{cause,transferId}') AS movement_id, b ->> 'asset' AS asset,
      (b ->> 'total')::numeric AS total, (b ->> 'locked')::numeric AS locked, (b ->> 'free')::numeric AS free,
      (event ->> 'accountId', event ->> 'sequence', (event ->> 'at')::timestamptz, b ->> 'sequence', b ->> 'asOf')
        IS NOT DISTINCT FROM (account_id, sequence::text, created_at, sequence::text, event ->> 'at') AS is_own
    FROM balance_events LEFT JOIN LATERAL jsonb_array_elements(event -> 'balances') AS b ON true) e
  WINDOW of_asset AS (PARTITION BY account_id, asset ORDER BY sequence)`;

/** What must hold of balance events, from which the balances of the past are read. */
export const EVENT_CHECKS: readonly Check[] = [
  {
    name: 'reported',
    promise: 'The last event that reports a balance reports its current value.',
    // An event has at most two balances, each with an index.
    sql: `SELECT concat_ws(' ', b.account_id, b.asset_code) AS subject,
        format('the balance is %s, %s and %s by event %s, the last event reports %s', b.total, b.locked, b.free, b.sequence,
          coalesce(e.balance::text, 'nothing')) AS detail
      FROM balances b LEFT JOIN LATERAL (
        SELECT last.balance FROM (
          (SELECT v.created_at, v.sequence, v.event #> '{balances,0}' AS balance FROM balance_events v
            WHERE v.account_id = b.account_id AND v.event #>> '{balances,0,asset}' = b.asset_code
            ORDER BY v.created_at DESC, v.sequence DESC LIMIT 1)
          UNION ALL
          (SELECT v.created_at, v.sequence, v.event #> '{balances,1}' FROM balance_events v
            WHERE v.account_id = b.account_id AND v.event #>> '{balances,1,asset}' = b.asset_code
            ORDER BY v.created_at DESC, v.sequence DESC LIMIT 1)) AS last
        ORDER BY last.created_at DESC, last.sequence DESC LIMIT 1) e ON true
      WHERE (b.total, b.locked, b.free, b.sequence, b.changed_at) IS DISTINCT FROM (
          (e.balance ->> 'total')::numeric, (e.balance ->> 'locked')::numeric, (e.balance ->> 'free')::numeric,
          (e.balance ->> 'sequence')::bigint, (e.balance ->> 'asOf')::timestamptz)`,
  },
  {
    name: 'told',
    promise:
      'A balance event names its own account, sequence and time. Its totals are those that the entries of its cause have left, or for a hold the previous ones. It locks for an order what its hold has placed, and frees what that has paid and released.',
    sql: `WITH told AS MATERIALIZED (${TOLD})
      SELECT format('%s event %s', e.account_id, e.sequence) AS subject,
        format('it reports %s %s, %s locked and %s free, after %s and by %s %s', total, asset, locked, free, total_before,
          cause, movement_id) AS detail
      FROM told e
      LEFT JOIN ledger_entries l ON l.account_id = e.account_id AND l.asset_code = e.asset
        AND l.created_at = e.created_at AND l.balance_after = e.total AND strpos(l.transfer_id, movement_id) > 0
        AND CASE cause WHEN 'TRADE_SETTLED' THEN l.type IN ('TRADE', 'FEE') ELSE l.type::text = cause END
      WHERE NOT is_own OR total <> locked + free
        OR CASE WHEN cause IN ('HOLD_PLACED', 'HOLD_RELEASED') THEN total <> total_before ELSE l.account_id IS NULL END
      UNION ALL
      SELECT concat_ws(' ', account_id, order_id, asset),
        format('its events locked %s and freed %s, its hold placed %s and freed %s', coalesce(e.placed, 0),
          coalesce(e.freed, 0), coalesce(h.placed, 0), coalesce(h.freed, 0))
      FROM (
        SELECT account_id, order_id, asset, sum(locked - locked_before) FILTER (WHERE cause = 'HOLD_PLACED') AS placed,
          sum(locked_before - locked) FILTER (WHERE cause <> 'HOLD_PLACED') AS freed
        FROM told GROUP BY account_id, order_id, asset) e
      FULL JOIN (
        SELECT account_id, order_id, asset_code AS asset, sum(placed) AS placed, sum(settled + released) AS freed
        FROM holds WHERE status IN ('PLACED', 'SETTLED', 'RELEASED') GROUP BY account_id, order_id, asset_code) h
        USING (account_id, order_id, asset)
      WHERE (coalesce(e.placed, 0), coalesce(e.freed, 0)) <> (coalesce(h.placed, 0), coalesce(h.freed, 0))`,
  },
];
