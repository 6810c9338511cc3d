import type { Check } from './check.ts';
import { CREDENTIAL_CHECKS } from './credential-checks.ts';
import { EVENT_CHECKS } from './event-checks.ts';
import { MOVEMENT_CHECKS } from './movement-checks.ts';

/** What must hold within the account store. */
export const LEDGER_CHECKS: readonly Check[] = [
  {
    name: 'sums',
    promise: 'All balances of an asset, including the outside world, sum to zero.',
    sql: `SELECT asset_code AS subject, 'balances sum to ' || sum(total) AS detail
      FROM balances GROUP BY asset_code HAVING sum(total) <> 0`,
  },
  {
    name: 'balances',
    promise: 'A balance is the sum of its entries.',
    sql: `SELECT concat_ws(' ', account_id, asset_code) AS subject,
        format('the balance is %s, its entries sum to %s', coalesce(b.total, 0),
          coalesce(e.change, 0)) AS detail
      FROM balances b FULL JOIN (
        SELECT account_id, asset_code, sum(change) AS change
        FROM ledger_entries GROUP BY account_id, asset_code) e USING (account_id, asset_code)
      WHERE coalesce(b.total, 0) <> coalesce(e.change, 0)`,
  },
  ...EVENT_CHECKS,
  {
    name: 'parts',
    promise:
      'A balance is the sum of its locked and free parts, and neither is below zero for a client.',
    sql: `SELECT concat_ws(' ', account_id, asset_code) AS subject,
        format('%s is not %s locked and %s free', total, locked, free) AS detail
      FROM balances
      WHERE total <> locked + free OR locked < 0 OR (free < 0 AND NOT overdraft_allowed)`,
  },
  {
    name: 'locked',
    promise: 'The locked part of a balance is what is left of its open holds.',
    sql: `SELECT concat_ws(' ', account_id, asset_code) AS subject,
        format('%s is locked, open holds have %s left', coalesce(b.locked, 0),
          coalesce(h.rest, 0)) AS detail
      FROM balances b FULL JOIN (
        SELECT account_id, asset_code, sum(placed - settled - released) AS rest
        FROM holds WHERE status = 'PLACED' GROUP BY account_id, asset_code) h
        USING (account_id, asset_code)
      WHERE coalesce(b.locked, 0) <> coalesce(h.rest, 0)`,
  },
  {
    name: 'chains',
    promise: 'The balance after an entry is the balance before it plus the change.',
    sql: `SELECT format('%s entry %s', account_id, sequence) AS subject,
        format('%s and %s is not %s', before, change, balance_after) AS detail
      FROM (SELECT account_id, sequence, change, balance_after,
          lag(balance_after, 1, 0::numeric)
            OVER (PARTITION BY account_id, asset_code ORDER BY sequence) AS before
        FROM ledger_entries) e
      WHERE before + change <> balance_after`,
  },
  {
    name: 'sequences',
    promise: "An account's entries and balance events are numbered from one without a gap.",
    // What an account held at an instant is read from its events, however old they are.
    sql: `SELECT a.id AS subject, format('%s are numbered up to %s of %s, and are %s', r.kind,
          coalesce(r.last, 0), r.wanted, r.count) AS detail
      FROM accounts a, LATERAL (
        SELECT 'entries' AS kind, a.entry_sequence AS wanted, max(sequence) AS last, count(*)
        FROM ledger_entries WHERE account_id = a.id
        UNION ALL
        SELECT 'events', a.balance_sequence, max(sequence), count(*)
        FROM balance_events WHERE account_id = a.id) r
      WHERE coalesce(r.last, 0) <> r.wanted OR r.count <> r.wanted`,
  },
  {
    name: 'times',
    promise:
      'No entry and no balance event of an account is older than the one before it: both are found by their times.',
    sql: `SELECT format('%s %s %s', account_id, kind, sequence) AS subject,
        format('at %s, after one at %s', created_at, before) AS detail
      FROM (SELECT account_id, 'entry' AS kind, sequence, created_at,
          lag(created_at) OVER (PARTITION BY account_id ORDER BY sequence) AS before
        FROM ledger_entries
        UNION ALL SELECT account_id, 'event', sequence, created_at,
          lag(created_at) OVER (PARTITION BY account_id ORDER BY sequence)
        FROM balance_events) r
      WHERE created_at < before`,
  },
  ...MOVEMENT_CHECKS,
  {
    name: 'closed',
    promise:
      'A closed account has nothing, nothing reached it afterwards, and exactly such an account is in a trail as closed.',
    sql: `SELECT a.id AS subject,
        format('closed at %s with balances of %s, last entry at %s, by the trail of %s', a.closed_at,
          coalesce(b.balances, 'nothing'), e.last, t.user_id) AS detail
      FROM accounts a
      LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', total, asset_code), ', ' ORDER BY asset_code) AS balances
        FROM balances WHERE account_id = a.id AND (total <> 0 OR locked <> 0)) b ON true
      LEFT JOIN LATERAL (
        SELECT max(created_at) AS last FROM ledger_entries WHERE account_id = a.id) e ON true
      LEFT JOIN (
        SELECT subject_id, min(user_id) AS user_id FROM audit_entries
        WHERE action = 'ACCOUNT_CLOSED' GROUP BY subject_id) t ON t.subject_id = a.id
      WHERE (a.closed_at IS NULL) <> (t.user_id IS NULL)
        OR (a.closed_at IS NOT NULL AND (b.balances IS NOT NULL OR e.last > a.closed_at))`,
  },
  {
    name: 'frozen',
    promise: 'An account is halted exactly while it is frozen, or for good because it is closed.',
    sql: `SELECT id AS subject,
        format('it is %s, frozen at %s and closed at %s', trading_state, frozen_at, closed_at) AS detail
      FROM accounts WHERE (trading_state = 'HALTED') <> (frozen_at IS NOT NULL OR closed_at IS NOT NULL)`,
  },
  {
    name: 'trails',
    promise: "Every user's audit trail is one unbroken chain of hashes.",
    sql: `SELECT format('%s entry %s', user_id, sequence) AS subject,
        'it was changed, or does not follow the previous entry' AS detail
      FROM (SELECT *, row_number() OVER trail AS place,
          lag(hash, 1, repeat('0', 64)) OVER trail AS before
        FROM audit_entries WINDOW trail AS (PARTITION BY user_id ORDER BY sequence)) e
      WHERE sequence <> place OR previous_hash <> before
        OR hash <> encode(sha256(convert_to(array_to_string(ARRAY[previous_hash, user_id,
          sequence::text, action::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          api_key_id, session_id, subject_id, address, user_agent], E'\\n', ''), 'UTF8')), 'hex')`,
  },
  {
    name: 'requested',
    promise: 'Every withdrawal and every correction is in the audit trail of who asked for it.',
    // Those that are older than the trails may be in none.
    sql: `SELECT concat_ws(' of ', c.id, c.issuer) AS subject,
        format('made at %s, and not in the trail', c.created_at) AS detail
      FROM (SELECT *, CASE WHEN kind = 'correct' THEN 'CORRECTION_REQUESTED'
            WHEN body ->> 'mutation' = 'withdraw' THEN 'WITHDRAWAL_REQUESTED' END AS action
          FROM funds_commands WHERE kind IN ('correct', 'moveMoney') AND outcome ->> 'kind' = 'applied') c
        LEFT JOIN audit_entries a ON a.user_id = c.issuer AND a.subject_id = c.id AND a.action::text = c.action
      WHERE c.action IS NOT NULL AND a.user_id IS NULL AND c.created_at > (
        SELECT max(finished_at) FROM _prisma_migrations WHERE migration_name LIKE '%_audit_trail')`,
  },
  {
    name: 'members',
    promise:
      'Every role on an account is what the last recorded change of that member left, and the record of an account has no gap.',
    // Members of accounts that are older than the record may have no change in it.
    sql: `SELECT concat_ws(' of ', user_id, account_id) AS subject,
        format('is %s, and by the record %s', coalesce(m.role::text, 'no member'),
          coalesce(nullif(concat_ws(' ', c.kind, c.role), ''), 'never joined')) AS detail
      FROM account_members m FULL JOIN (
        SELECT DISTINCT ON (account_id, user_id) account_id, user_id, kind, role
        FROM member_changes WHERE kind <> 'INVITED'
        ORDER BY account_id, user_id, sequence DESC) c USING (account_id, user_id)
      JOIN accounts a ON a.id = account_id
      WHERE m.role IS DISTINCT FROM CASE c.kind WHEN 'JOINED' THEN c.role END
        AND (c.kind IS NOT NULL OR a.created_at > (
          SELECT max(finished_at) FROM _prisma_migrations WHERE migration_name LIKE '%_member_changes'))
      UNION ALL
      SELECT account_id, format('its record is numbered up to %s, and has %s changes', max(sequence), count(*))
      FROM member_changes GROUP BY account_id HAVING max(sequence) <> count(*)`,
  },
  {
    name: 'rails',
    promise:
      'A rail is suspended exactly as its last recorded change left it, and each change changed something.',
    sql: `SELECT concat_ws(' ', rail, asset_code) AS subject,
        format('it is %s, its last change says %s', coalesce(s.reason, 'not suspended'),
          coalesce(c.reason, 'not suspended')) AS detail
      FROM rail_suspensions s FULL JOIN (
        SELECT DISTINCT ON (asset_code, rail) asset_code, rail, reason
        FROM rail_changes ORDER BY asset_code, rail, id DESC) c USING (asset_code, rail)
      WHERE s.reason IS DISTINCT FROM c.reason
      UNION ALL
      SELECT concat_ws(' ', rail, asset_code), format('change %s says what was so before', id)
      FROM (SELECT *, lag(reason) OVER (PARTITION BY asset_code, rail ORDER BY id) AS before FROM rail_changes) c
      WHERE reason IS NOT DISTINCT FROM before`,
  },
  ...CREDENTIAL_CHECKS,
  {
    name: 'owners',
    promise: 'Every entry, transfer and event belongs to an account that exists.',
    sql: `SELECT r.account_id AS subject, 'rows of ' || r.kind || ' without this account' AS detail
      FROM (SELECT DISTINCT account_id, 'entries' AS kind FROM ledger_entries
        UNION SELECT DISTINCT account_id, 'events' FROM balance_events
        UNION SELECT DISTINCT from_account_id, 'transfers' FROM transfers
        UNION SELECT DISTINCT to_account_id, 'transfers' FROM transfers) r
      WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.id = r.account_id)`,
  },
];
