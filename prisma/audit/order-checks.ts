import type { Check } from './check.ts';
import { RFQ_CHECKS } from './rfq-checks.ts';

/** Work that waits for the ledger or the books longer than this is stuck. */
export const STUCK_SECONDS = 60;

/** What must hold within the order store. */
export const ORDER_CHECKS: readonly Check[] = [
  {
    name: 'fills',
    promise: 'The filled quantity, notional and fees of an order are the sums of its fills.',
    sql: `SELECT o.id AS subject,
        format('%s is filled for %s with fees of %s, its fills are %s for %s with fees of %s',
          o.filled_quantity, o.filled_notional, o.fees, f.quantity, f.notional, f.fees) AS detail
      FROM orders o, LATERAL (
        SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(quote_quantity), 0) AS notional,
          coalesce(sum(fee), 0) AS fees
        FROM fills WHERE order_id = o.id) f
      WHERE (o.filled_quantity, o.filled_notional, o.fees) <> (f.quantity, f.notional, f.fees)`,
  },
  {
    name: 'prevented',
    promise: 'The prevented quantity of an order is the sum of its prevented matches.',
    sql: `SELECT id AS subject,
        format('%s is prevented, its matches say %s', coalesce(o.prevented_quantity, 0),
          coalesce(m.quantity, 0)) AS detail
      FROM orders o FULL JOIN (
        SELECT id, sum(quantity) AS quantity
        FROM (
          SELECT taker_order_id AS id, taker_quantity AS quantity FROM prevented_matches
          UNION ALL SELECT maker_order_id, maker_quantity FROM prevented_matches) AS lost
        GROUP BY id) m USING (id)
      WHERE coalesce(o.prevented_quantity, 0) <> coalesce(m.quantity, 0)`,
  },
  {
    name: 'events',
    promise: "An account's order events are numbered without a gap.",
    sql: `SELECT account_id AS subject,
        format('numbered from %s up to %s of %s, and are %s', e.first, e.last, s.sequence,
          e.count) AS detail
      FROM account_sequences s FULL JOIN (
        SELECT account_id, count(*), min(sequence) AS first, max(sequence) AS last
        FROM order_events GROUP BY account_id) e USING (account_id)
      WHERE s.sequence IS DISTINCT FROM e.last OR e.count <> e.last - e.first + 1`,
  },
  {
    name: 'positions',
    promise: 'A position is the sum of its fills.',
    sql: `SELECT concat_ws(' ', account_id, symbol) AS subject,
        format('the position is %s, its fills sum to %s', coalesce(p.net_quantity, 0),
          coalesce(f.net, 0)) AS detail
      FROM positions p FULL JOIN (
        SELECT account_id, symbol,
          sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END) AS net
        FROM fills GROUP BY account_id, symbol) f USING (account_id, symbol)
      WHERE coalesce(p.net_quantity, 0) <> coalesce(f.net, 0)`,
  },
  {
    name: 'costs',
    promise: 'The cost and profit of a position come to what its fills paid and received.',
    sql: `SELECT concat_ws(' ', account_id, symbol) AS subject,
        format('it cost %s and brought %s, its fills come to %s', p.entry_cost, p.realized_pnl,
          coalesce(f.received, 0)) AS detail
      FROM positions p LEFT JOIN (
        SELECT account_id, symbol,
          sum(CASE side WHEN 'SELL' THEN quote_quantity ELSE -quote_quantity END) AS received
        FROM fills GROUP BY account_id, symbol) f USING (account_id, symbol)
      WHERE p.realized_pnl - sign(p.net_quantity) * p.entry_cost <> coalesce(f.received, 0)`,
  },
  {
    name: 'volumes',
    promise: "A day's volume in a quote asset is the sum of its fills in it.",
    sql: `SELECT concat_ws(' ', account_id, asset_code, day) AS subject,
        format('the volume is %s, its fills sum to %s', coalesce(v.volume, 0),
          coalesce(f.volume, 0)) AS detail
      FROM daily_volumes v FULL JOIN (
        SELECT account_id, split_part(symbol, '-', 2) AS asset_code,
          floor(extract(epoch FROM executed_at) / 86400)::int AS day, sum(quote_quantity) AS volume
        FROM fills GROUP BY 1, 2, 3) f USING (account_id, asset_code, day)
      WHERE coalesce(v.volume, 0) <> coalesce(f.volume, 0)`,
  },
  {
    name: 'arrivals',
    promise: 'At most one order is arriving, and it trades or rests within a minute.',
    sql: `SELECT id AS subject,
        format('one of %s that are arriving, filled for %s at %s', arriving, filled_quantity, updated_at) AS detail
      FROM (
        SELECT *, count(*) OVER () AS arriving FROM orders
        WHERE closed_at IS NULL AND is_arriving) o
      WHERE arriving > 1 OR updated_at < now() - make_interval(secs => ${STUCK_SECONDS})`,
  },
  {
    name: 'priorities',
    promise: 'No two open orders have the same place in a book: it could not be read again.',
    sql: `SELECT symbol AS subject,
        format('priority %s belongs to %s', priority, string_agg(id, ' and ' ORDER BY id)) AS detail
      FROM orders WHERE closed_at IS NULL AND priority IS NOT NULL
      GROUP BY symbol, priority HAVING count(*) > 1`,
  },
  {
    name: 'decisions',
    promise: 'The ledger decides about the hold of an order or amend within a minute.',
    sql: `SELECT id AS subject, format('%s since %s', status, updated_at) AS detail FROM orders
      WHERE closed_at IS NULL AND status IN ('SUBMITTED', 'PENDING_UPDATE')
        AND (status <> 'SUBMITTED' OR link ->> 'parentOrderId' IS NULL)
        AND updated_at < now() - make_interval(secs => ${STUCK_SECONDS})`,
  },
  ...RFQ_CHECKS,
  {
    name: 'outbox',
    promise: 'Every command reaches the ledger within a minute.',
    sql: `SELECT 'outbox entry ' || position AS subject, kind || ' has been waiting since ' || created_at AS detail
      FROM outbox
      WHERE sent_at IS NULL AND created_at < now() - make_interval(secs => ${STUCK_SECONDS})`,
  },
];
