/** A corruption: its title, its store, the SQL that makes it, the SQL that undoes it, and the checks that find it. */
type Corruption = readonly [string, 'account' | 'order', string, string, readonly string[]];

/** Corruptions of the stores of a desk that has traded; names like `:buyer` stand for ids in them. */
export const CORRUPTIONS: readonly Corruption[] = [
  [
    'money that was made',
    'account',
    `UPDATE balances SET total = total + 1, free = free + 1 WHERE account_id = :buyer AND asset_code = 'USDT'`,
    `UPDATE balances SET total = total - 1, free = free - 1 WHERE account_id = :buyer AND asset_code = 'USDT'`,
    ['balances', 'reported', 'sums'],
  ],
  [
    'money that was moved without an entry',
    'account',
    `UPDATE balances SET total = total + d, free = free + d FROM (VALUES (:buyer, 5), (:seller, -5)) v(id, d)
   WHERE account_id = id AND asset_code = 'USDT'`,
    `UPDATE balances SET total = total - d, free = free - d FROM (VALUES (:buyer, 5), (:seller, -5)) v(id, d)
   WHERE account_id = id AND asset_code = 'USDT'`,
    ['balances', 'reported'],
  ],
  [
    'a hold that was let go without its order',
    'account',
    `UPDATE balances SET locked = locked - 5105.1, free = free + 5105.1 WHERE account_id = :buyer AND asset_code = 'USDT'`,
    `UPDATE balances SET locked = locked + 5105.1, free = free - 5105.1 WHERE account_id = :buyer AND asset_code = 'USDT'`,
    ['locked', 'reported'],
  ],
  [
    'a hold that has another amount than its order needs',
    'account',
    ...raised('holds', 'placed', 'id = :resting'),
    ['holds', 'locked'],
  ],
  [
    'an entry that was changed',
    'account',
    ...raised('ledger_entries', 'change', "account_id = :buyer AND type = 'DEPOSIT'"),
    ['balances', 'chains', 'transfers'],
  ],
  [
    'a correction of what never was',
    'account',
    `UPDATE transfers SET type = 'CORRECTION', corrects_id = 'nothing', reason = 'none', actor = 'nobody'
   WHERE to_account_id = :buyer AND type = 'DEPOSIT'`,
    `UPDATE transfers SET type = 'DEPOSIT', corrects_id = NULL, reason = NULL, actor = NULL
   WHERE to_account_id = :buyer AND type = 'CORRECTION'`,
    ['corrections'],
  ],
  [
    'a number that was given to no entry',
    'account',
    ...raised('accounts', 'entry_sequence', 'id = :buyer'),
    ['sequences'],
  ],
  [
    'an account that was closed while it had something',
    'account',
    `UPDATE accounts SET closed_at = now(), trading_state = 'HALTED' WHERE id = :buyer`,
    `UPDATE accounts SET closed_at = NULL, trading_state = 'ACTIVE' WHERE id = :buyer`,
    ['closed'],
  ],
  [
    'an audit trail that was changed behind its triggers',
    'account',
    `ALTER TABLE audit_entries DISABLE TRIGGER USER;
   UPDATE audit_entries SET action = 'SIGNED_IN' WHERE sequence = 1`,
    `UPDATE audit_entries SET action = 'API_KEY_CREATED' WHERE sequence = 1;
   ALTER TABLE audit_entries ENABLE TRIGGER USER`,
    ['trails'],
  ],
  [
    'rows that belong to no account',
    'account',
    `INSERT INTO balance_events VALUES ('nobody', 1, '{}', now())`,
    `DELETE FROM balance_events WHERE account_id = 'nobody'`,
    ['owners'],
  ],
  ['an open order without a hold', 'order', ...renamed('orders', 'id', ':resting'), ['holds']],
  [
    'a hold whose order has ended',
    'order',
    `UPDATE orders SET status = 'CANCELED', cancel_reason = 'USER_REQUEST', priority = NULL,
     closed_at = now(), hold_remaining = 0 WHERE id = :resting`,
    `UPDATE orders SET status = 'ACCEPTED', cancel_reason = NULL, priority = 99,
     closed_at = NULL, hold_remaining = hold_placed WHERE id = :resting`,
    ['holds'],
  ],
  [
    'a fill that was never settled',
    'order',
    `INSERT INTO fills SELECT 'ghost', 'ghost', order_id, account_id, symbol, side, price, quantity, quote_quantity,
     fee, fee_rate, liquidity_side, 99, executed_at FROM fills WHERE order_id = :taken`,
    `DELETE FROM fills WHERE id = 'ghost'`,
    ['costs', 'fills', 'positions', 'settlements', 'volumes'],
  ],
  [
    'an order that lost more to self-trade prevention than is told',
    'order',
    'UPDATE orders SET quantity = quantity + 1, prevented_quantity = 1 WHERE id = :resting',
    'UPDATE orders SET quantity = quantity - 1, prevented_quantity = 0 WHERE id = :resting',
    ['prevented'],
  ],
  [
    'an order that says more than its fills',
    'order',
    ...raised('orders', 'fees', 'id = :taken'),
    ['fills'],
  ],
  [
    'an order that was left on its way through the books',
    'order',
    `UPDATE orders SET is_arriving = true, updated_at = updated_at - interval '2 minutes' WHERE id = :resting`,
    `UPDATE orders SET is_arriving = NULL, updated_at = updated_at + interval '2 minutes' WHERE id = :resting`,
    ['arrivals'],
  ],
  [
    'an order whose hold was never decided',
    'order',
    `UPDATE orders SET status = 'SUBMITTED', priority = NULL, accepted_at = NULL,
     updated_at = updated_at - interval '2 minutes' WHERE id = :resting`,
    `UPDATE orders SET status = 'ACCEPTED', priority = 99, accepted_at = created_at,
     updated_at = updated_at + interval '2 minutes' WHERE id = :resting`,
    ['decisions'],
  ],
  [
    'an exit that was left waiting while its instrument traded',
    'order',
    `UPDATE orders SET status = 'SUBMITTED', priority = NULL, accepted_at = NULL,
     link = '{"parentOrderId":"other"}', updated_at = updated_at - interval '3 minutes' WHERE id = :resting;
   UPDATE orders SET accepted_at = accepted_at - interval '2 minutes' WHERE id = :taken`,
    `UPDATE orders SET status = 'ACCEPTED', priority = 99, accepted_at = created_at,
     link = NULL, updated_at = updated_at + interval '3 minutes' WHERE id = :resting;
   UPDATE orders SET accepted_at = accepted_at + interval '2 minutes' WHERE id = :taken`,
    ['exits'],
  ],
  [
    'two orders that are on their way at once',
    'order',
    `UPDATE orders SET is_arriving = true WHERE account_id IN (:buyer, :seller) AND closed_at IS NULL`,
    `UPDATE orders SET is_arriving = NULL WHERE account_id IN (:buyer, :seller) AND closed_at IS NULL`,
    ['arrivals'],
  ],
  [
    'two orders that have one place in their book',
    'order',
    `UPDATE orders SET priority = 99 WHERE account_id IN (:buyer, :seller) AND closed_at IS NULL`,
    `UPDATE orders SET priority = 98 WHERE account_id = :seller AND closed_at IS NULL`,
    ['priorities'],
  ],
  [
    'a position that is not the sum of its fills',
    'order',
    ...raised('positions', 'net_quantity', 'account_id = :buyer'),
    ['positions'],
  ],
  [
    'a balance that was told otherwise',
    'account',
    `UPDATE balance_events SET event = jsonb_set(event, '{balances,0,free}', to_jsonb((event #>> '{balances,0,free}') || '1'))
   WHERE account_id = :buyer AND sequence = (SELECT max(sequence) FROM balance_events WHERE account_id = :buyer)`,
    `UPDATE balance_events SET event = jsonb_set(event, '{balances,0,free}', to_jsonb(left(event #>> '{balances,0,free}', -1)))
   WHERE account_id = :buyer AND sequence = (SELECT max(sequence) FROM balance_events WHERE account_id = :buyer)`,
    ['reported'],
  ],
  [
    'a profit that no fill has brought',
    'order',
    ...raised('positions', 'realized_pnl', 'account_id = :seller'),
    ['costs'],
  ],
  [
    'a cost that no fill has had',
    'order',
    ...raised('positions', 'entry_cost', 'account_id = :buyer'),
    ['costs'],
  ],
  [
    'a volume that was not traded',
    'order',
    ...raised('daily_volumes', 'volume', 'account_id = :buyer'),
    ['volumes'],
  ],
  [
    'a quote that was filled at another price than its order',
    'order',
    ...raised('rfqs', 'fill_price', 'id = :rfq'),
    ['rfqs'],
  ],
  [
    'a settlement of another request',
    'order',
    ...renamed('settlements', 'rfq_id', ':rfq'),
    ['rfqs'],
  ],
  [
    'a filled order whose request is not there',
    'order',
    `UPDATE orders SET link = jsonb_set(link, '{rfqId}', '"strange"') WHERE link ->> 'rfqId' = :rfq`,
    `UPDATE orders SET link = jsonb_set(link, '{rfqId}', to_jsonb(CAST(:rfq AS text))) WHERE link ->> 'rfqId' = 'strange'`,
    ['accepts', 'rfqs'],
  ],
  [
    'a request that waits for an order which has ended',
    'order',
    `INSERT INTO rfqs SELECT (jsonb_populate_record(r, '{"id": "waits", "client_rfq_id": "waits", "number": 99,
     "status": "ACCEPT_PENDING", "order_id": "ended", "fill_price": null, "closed_at": null,
     "look_mid_price": null, "look_move_bps": null}')).* FROM rfqs r WHERE id = :rfq;
   INSERT INTO orders SELECT (jsonb_populate_record(o, '{"id": "ended", "client_order_id": "ended",
     "status": "CANCELED", "cancel_reason": "TECHNICAL", "filled_quantity": 0, "filled_notional": 0, "fees": 0,
     "created_sequence": 99, "link": {"rfqId": "waits"}}')).* FROM orders o WHERE link ->> 'rfqId' = :rfq`,
    `DELETE FROM orders WHERE id = 'ended'; DELETE FROM rfqs WHERE id = 'waits'`,
    ['accepts'],
  ],
  [
    'an event that is missing',
    'order',
    `UPDATE order_events SET sequence = 1000 WHERE account_id = :buyer AND sequence = 2`,
    `UPDATE order_events SET sequence = 2 WHERE account_id = :buyer AND sequence = 1000`,
    ['events'],
  ],
];

/** The SQL that makes a number larger by one, and the SQL that undoes it. */
function raised(table: string, column: string, where: string): readonly [string, string] {
  const set = (sign: string) =>
    `UPDATE ${table} SET ${column} = ${column} ${sign} 1 WHERE ${where}`;
  return [set('+'), set('-')];
}

/** The SQL that gives the row with this id another one that nothing refers to, and the SQL that undoes it. */
function renamed(table: string, column: string, id: string): readonly [string, string] {
  const rename = (from: string, to: string) =>
    `UPDATE ${table} SET ${column} = ${to} WHERE ${column} = ${from}`;
  return [rename(id, "'strange'"), rename("'strange'", id)];
}
