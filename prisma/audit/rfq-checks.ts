import type { Check } from './check.ts';
import { STUCK_SECONDS } from './stuck-seconds.ts';

/** What must hold for requests for quote. */
export const RFQ_CHECKS: readonly Check[] = [
  {
    name: 'rfqs',
    promise:
      'A filled request has an order with one fill, and a settlement, all of the same trade.',
    sql: `SELECT coalesce(r.id, s.rfq_id) AS subject,
        format('%s %s of %s at %s, order %s %s, fill of %s at %s, settlement %s of %s for %s',
          coalesce(r.status::text, 'none'), r.accepted_side, r.accepted_quantity, r.fill_price, o.id, o.status,
          f.quantity, f.price, s.id, s.quantity, s.notional) AS detail
      FROM (SELECT * FROM rfqs WHERE status = 'FILLED') r
      FULL JOIN settlements s ON s.rfq_id = r.id
      LEFT JOIN orders o ON o.id = r.order_id
      LEFT JOIN LATERAL (
        SELECT count(*) AS count, min(trade_id) AS trade_id, sum(quantity) AS quantity, min(price) AS price
        FROM fills WHERE order_id = o.id) f ON true
      WHERE (r.id, r.account_id, r.symbol, r.accepted_side, r.accepted_quantity, r.fill_price, r.order_id, 'FILLED', 1)
          IS DISTINCT FROM (o.link ->> 'rfqId', o.account_id, o.symbol, o.side, f.quantity, f.price, o.id,
            o.status::text, f.count)
        OR (r.account_id, r.symbol, r.accepted_side, r.accepted_quantity, r.fill_price * r.accepted_quantity,
            r.order_id, f.trade_id)
          IS DISTINCT FROM (s.account_id, s.symbol, s.side, s.quantity, s.notional, s.order_id, s.id)`,
  },
  {
    name: 'accepts',
    promise:
      'An order that took a quote belongs to a request, which is pending and filled exactly when the order is.',
    sql: `SELECT o.id AS subject,
        format('the order is %s, its request %s %s', o.status, o.link ->> 'rfqId',
          coalesce(r.status::text, 'does not exist')) AS detail
      FROM orders o LEFT JOIN rfqs r ON r.id = o.link ->> 'rfqId' AND r.order_id = o.id
      WHERE o.link ->> 'rfqId' IS NOT NULL
        AND (r.id IS NULL OR (o.status = 'FILLED') <> (r.status = 'FILLED')
          OR (o.status = 'SUBMITTED') <> (r.status = 'ACCEPT_PENDING'))`,
  },
  {
    name: 'requests',
    promise: "A request's events are numbered without a gap.",
    sql: `SELECT coalesce(r.id, e.rfq_id) AS subject,
        format('it has %s events, they are %s up to %s', r.sequence, coalesce(e.count, 0), e.last) AS detail
      FROM rfqs r FULL JOIN (
        SELECT rfq_id, count(*), max(sequence) AS last FROM rfq_events GROUP BY rfq_id) e ON e.rfq_id = r.id
      WHERE r.id IS NULL OR r.sequence <> coalesce(e.last, 0) OR r.sequence <> coalesce(e.count, 0)`,
  },
  {
    name: 'settling',
    promise: 'A settlement is settled within a minute of its trade.',
    sql: `SELECT s.id AS subject, format('it is %s, the ledger has the trade since %s', s.status, o.sent_at) AS detail
      FROM settlements s JOIN outbox o ON o.kind = 'settleTrade' AND o.payload ->> 'tradeId' = s.id
      WHERE s.status <> 'SETTLED' AND o.sent_at < now() - make_interval(secs => ${STUCK_SECONDS})`,
  },
];
