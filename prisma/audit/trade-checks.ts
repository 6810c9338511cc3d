import type { Check } from './check.ts';

/** What must hold of fills, and of what is added up from them. */
export const TRADE_CHECKS: readonly Check[] = [
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
    name: 'trades',
    promise:
      'A trade has one fill, or two of opposite sides that agree, each for its price times its quantity, and by the terms and the fee rates of its order.',
    sql: `SELECT f.trade_id AS subject,
        format('%s fills of %s, from %s at %s for %s to %s at %s for %s', count(*), string_agg(f.order_id, ' and '),
          min(f.quantity), min(f.price), min(f.quote_quantity), max(f.quantity), max(f.price),
          max(f.quote_quantity)) AS detail
      FROM fills f JOIN orders o ON o.id = f.order_id
      GROUP BY f.trade_id
      HAVING count(*) > 2 OR (min(f.price), min(f.quantity), min(f.symbol))
          <> (max(f.price), max(f.quantity), max(f.symbol))
        OR bool_or(f.quote_quantity <> f.price * f.quantity)
        OR (count(*) = 2 AND (min(f.side) = max(f.side) OR min(f.liquidity_side) = max(f.liquidity_side)))
        OR bool_or((f.account_id, f.symbol, f.side, f.fee_rate) IS DISTINCT FROM (o.account_id, o.symbol, o.side,
          CASE f.liquidity_side WHEN 'MAKER' THEN o.maker_fee_rate ELSE o.taker_fee_rate END))`,
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
    promise: 'The cost, profit and fees of a position come to what its fills paid and received.',
    sql: `SELECT concat_ws(' ', account_id, symbol) AS subject,
        format('it cost %s, brought %s and paid fees of %s, its fills come to %s with fees of %s', p.entry_cost,
          p.realized_pnl, p.fees, coalesce(f.received, 0), coalesce(f.fees, 0)) AS detail
      FROM positions p LEFT JOIN (
        SELECT account_id, symbol,
          sum(CASE side WHEN 'SELL' THEN quote_quantity ELSE -quote_quantity END) AS received, sum(fee) AS fees
        FROM fills GROUP BY account_id, symbol) f USING (account_id, symbol)
      WHERE (p.realized_pnl - sign(p.net_quantity) * p.entry_cost, p.fees)
        <> (coalesce(f.received, 0), coalesce(f.fees, 0))`,
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
];
