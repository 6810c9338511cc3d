import { type Corruption, gone, raised, renamed, reset, sooner, twice } from './test-corruption.ts';

/** The SQL that lists the buyer's movement of one type as one of another, and the SQL that undoes it. */
function listed(own: string, other: string): readonly [string, string] {
  const set = (from: string, to: string) => `
    UPDATE ledger_entries SET type = '${to}' WHERE transfer_id IN (
      SELECT id FROM transfers WHERE to_account_id = :buyer AND type = '${from}');
    UPDATE transfers SET type = '${to}' WHERE to_account_id = :buyer AND type = '${from}'`;
  return [set(own, other), set(other, own)];
}

const cutOff = gone(
  'audit_entries',
  `(user_id, sequence) IN (SELECT user_id, max(sequence) FROM audit_entries
      WHERE action = 'WITHDRAWAL_REQUESTED' GROUP BY user_id)`,
);

const renumbered = (sign: string) =>
  `UPDATE member_changes SET sequence = sequence ${sign} 1 WHERE account_id = :buyer`;

/** Of two that follow each other. It undoes itself. */
const swappedChanges = `UPDATE rail_changes r SET reason = o.reason FROM rail_changes o
  WHERE r.asset_code = 'USDT' AND o.asset_code = 'USDT' AND r.id IN (SELECT id FROM rail_changes
    WHERE asset_code = 'USDT' ORDER BY id LIMIT 2) AND o.id IN (SELECT id FROM rail_changes
    WHERE asset_code = 'USDT' ORDER BY id LIMIT 2) AND o.id <> r.id`;

/** Corruptions of the account store of a desk that has traded; names like `:buyer` stand for ids in them. */
export const LEDGER_CORRUPTIONS: readonly Corruption[] = [
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
    ['held', 'holds', 'locked', 'told'],
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
    ['commands', 'corrections', 'transfers'],
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
    'an account that was opened again behind the trail',
    'account',
    `UPDATE accounts SET closed_at = NULL, trading_state = 'ACTIVE' WHERE id = :closed`,
    `UPDATE accounts SET closed_at = now(), trading_state = 'HALTED' WHERE id = :closed`,
    ['closed'],
  ],
  [
    'an account that is halted and not frozen',
    'account',
    `UPDATE accounts SET trading_state = 'HALTED' WHERE id = :seller`,
    `UPDATE accounts SET trading_state = 'ACTIVE' WHERE id = :seller`,
    ['frozen'],
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
    'somebody who was let in behind the record',
    'account',
    `INSERT INTO account_members SELECT :buyer, user_id, 'OWNER' FROM account_members WHERE account_id = :seller`,
    `DELETE FROM account_members m USING account_members o
   WHERE m.account_id = :buyer AND o.account_id = :seller AND m.user_id = o.user_id`,
    ['members'],
  ],
  [
    'a role that was changed behind the record',
    'account',
    `UPDATE account_members SET role = 'VIEWER' WHERE account_id = :buyer`,
    `UPDATE account_members SET role = 'OWNER' WHERE account_id = :buyer`,
    ['members'],
  ],
  [
    'a rail that was suspended behind the record',
    'account',
    `INSERT INTO rail_suspensions VALUES ('BTC', 'WITHDRAWALS', 'None', now())`,
    `DELETE FROM rail_suspensions WHERE asset_code = 'BTC'`,
    ['rails'],
  ],
  [
    'rows that belong to no account',
    'account',
    `INSERT INTO balance_events VALUES ('nobody', 1, '{}', now())`,
    `DELETE FROM balance_events WHERE account_id = 'nobody'`,
    ['owners', 'told'],
  ],
  [
    'a movement whose two ends are the wrong way round',
    'account',
    ...twice(`UPDATE transfers SET from_account_id = to_account_id, to_account_id = from_account_id
      WHERE id IN (SELECT transfer_id FROM ledger_entries WHERE order_id = :taken AND asset_code = 'BTC')`),
    ['commands', 'transfers'],
  ],
  [
    'a movement of another kind than its entries',
    'account',
    `UPDATE transfers SET type = 'SETTLEMENT' WHERE to_account_id = :buyer AND type = 'DEPOSIT'`,
    `UPDATE transfers SET type = 'DEPOSIT' WHERE to_account_id = :buyer AND type = 'SETTLEMENT'`,
    ['commands', 'transfers'],
  ],
  [
    'a deposit that is listed as a transfer',
    'account',
    ...listed('DEPOSIT', 'TRANSFER'),
    ['commands', 'told'],
  ],
  [
    'a deposit that could be made again, because its command is not there',
    'account',
    `UPDATE funds_commands SET kind = 'lost' WHERE kind = 'moveMoney' AND body ->> 'accountId' = :buyer`,
    `UPDATE funds_commands SET kind = 'moveMoney' WHERE kind = 'lost'`,
    ['commands'],
  ],
  [
    'a trade that was said to be settled and was not',
    'account',
    `INSERT INTO funds_commands SELECT issuer, kind, 'ghost', body, outcome, created_at FROM funds_commands
   WHERE kind = 'settleTrade' LIMIT 1`,
    `DELETE FROM funds_commands WHERE id = 'ghost'`,
    ['commands'],
  ],
  [
    'a fee that was charged otherwise than it was asked for',
    'account',
    ...reset(
      'funds_commands',
      'body',
      `jsonb_set(body, '{buyer.fee}', '"11"')`,
      "kind = 'settleTrade' AND body ->> 'buyer.orderId' = :taken",
    ),
    ['commands'],
  ],
  [
    'a hold that paid for no trade',
    'account',
    `UPDATE holds SET settled = settled + 1, released = released - 1 WHERE account_id = :buyer AND status = 'RELEASED'`,
    `UPDATE holds SET settled = settled - 1, released = released + 1 WHERE account_id = :buyer AND status = 'RELEASED'`,
    ['held'],
  ],
  [
    'an amount that is finer than its asset',
    'account',
    `UPDATE assets SET scale = 0 WHERE code = 'BTC'`,
    `UPDATE assets SET scale = 8 WHERE code = 'BTC'`,
    ['scales'],
  ],
  [
    'an entry that is older than the one before it',
    'account',
    ...sooner('ledger_entries', "account_id = :buyer AND type = 'TRADE'"),
    ['times', 'told', 'transfers'],
  ],
  [
    'a fill that was settled as another one',
    'account',
    ...reset(
      'ledger_entries',
      'fill_id',
      `'ghost'`,
      "order_id = :taken AND account_id = :buyer AND asset_code = 'BTC'",
    ),
    ['settlements'],
  ],
  [
    'a correction of another movement than it was asked for',
    'account',
    ...reset(
      'transfers',
      'corrects_id',
      `(SELECT id FROM transfers WHERE to_account_id = :saver AND reference = 'second')`,
      `from_account_id = :saver AND type = 'CORRECTION'`,
    ),
    ['commands'],
  ],
  [
    'a correction for another reason than it was asked for',
    'account',
    ...reset(
      'transfers',
      'reason',
      `'another'`,
      `from_account_id = :saver AND type = 'CORRECTION'`,
    ),
    ['commands'],
  ],
  [
    'a movement that is listed under an id that nobody gave it',
    'account',
    ...renamed('transfers', 'reference', `'second'`),
    ['commands'],
  ],
  [
    'an answer of another time than what it answers',
    'account',
    ...reset('funds_commands', 'outcome', `jsonb_set(outcome, '{atMs}', '1')`, `id = 'second'`),
    ['commands'],
  ],
  [
    'a hold that has ended and is not there',
    'account',
    ...gone('holds', `account_id = :buyer AND status = 'RELEASED'`),
    ['held', 'told'],
  ],
  [
    'a withdrawal that was cut off the trail of who asked for it',
    'account',
    `ALTER TABLE audit_entries DISABLE TRIGGER USER; ${cutOff[0]}`,
    `${cutOff[1]}; ALTER TABLE audit_entries ENABLE TRIGGER USER`,
    ['requested'],
  ],
  [
    'a fill that was settled for another order',
    'account',
    ...reset(
      'ledger_entries',
      'order_id',
      `'ghost'`,
      "account_id = :buyer AND asset_code = 'BTC' AND type = 'TRADE'",
    ),
    ['settlements'],
  ],
  [
    'a change of the members that was taken out of the record',
    'account',
    `ALTER TABLE member_changes DISABLE TRIGGER USER; ${renumbered('+')}`,
    `${renumbered('-')}; ALTER TABLE member_changes ENABLE TRIGGER USER`,
    ['members'],
  ],
  [
    'two changes of a rail that are the wrong way round',
    'account',
    `ALTER TABLE rail_changes DISABLE TRIGGER USER; ${swappedChanges}`,
    `${swappedChanges}; ALTER TABLE rail_changes ENABLE TRIGGER USER`,
    ['rails'],
  ],
];
