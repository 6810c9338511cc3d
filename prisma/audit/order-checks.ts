import type { Check } from './check.ts';
import { RFQ_CHECKS } from './rfq-checks.ts';
import { STUCK_SECONDS } from './stuck-seconds.ts';
import { TRADE_CHECKS } from './trade-checks.ts';

/** What must hold within the order store. */
export const ORDER_CHECKS: readonly Check[] = [
  ...TRADE_CHECKS,
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
  {
    name: 'controls',
    promise: 'A kill switch is as its last recorded change left it.',
    sql: `SELECT scope AS subject, format('it is %s, its last change says %s', c.trading_state,
          l.trading_state) AS detail
      FROM trading_controls c FULL JOIN (
        SELECT DISTINCT ON (scope) * FROM trading_control_changes ORDER BY scope, id DESC) l USING (scope)
      WHERE (c.trading_state, c.reason, c.actor, c.changed_at)
        IS DISTINCT FROM (l.trading_state, l.reason, l.actor, l.changed_at)`,
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
