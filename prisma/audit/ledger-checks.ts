import type { Check } from './check.ts';
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
  {
    name: 'reported',
    promise: 'The last event that reports a balance reports its current value.',
    // An event has at most two balances, each with an index.
    sql: `SELECT concat_ws(' ', b.account_id, b.asset_code) AS subject,
        format('the balance is %s, %s and %s, the last event reports %s', b.total, b.locked, b.free,
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
      WHERE (b.total, b.locked, b.free) IS DISTINCT FROM ((e.balance ->> 'total')::numeric,
          (e.balance ->> 'locked')::numeric, (e.balance ->> 'free')::numeric)`,
  },
  {
    name: 'told',
    promise:
      'A balance event names its own account, sequence and time, and reports totals that an entry has left, in parts that add up.',
    // An event has at most two balances.
    sql: `SELECT format('%s event %s', account_id, sequence) AS subject,
        format('it is event %s of %s at %s', event ->> 'sequence', event ->> 'accountId', event ->> 'at') AS detail
      FROM balance_events
      WHERE (event ->> 'accountId', event ->> 'sequence', (event ->> 'at')::timestamptz)
        IS DISTINCT FROM (account_id, sequence::text, created_at)
      UNION ALL
      SELECT format('%s event %s', e.account_id, e.sequence),
        format('it reports %s %s, %s locked and %s free', total, asset, locked, free)
      FROM (SELECT account_id, sequence, asset, total::numeric, locked::numeric, free::numeric
        FROM balance_events, LATERAL (VALUES
          (event #>> '{balances,0,asset}', event #>> '{balances,0,total}', event #>> '{balances,0,locked}',
            event #>> '{balances,0,free}'),
          (event #>> '{balances,1,asset}', event #>> '{balances,1,total}', event #>> '{balances,1,locked}',
            event #>> '{balances,1,free}')) AS b(asset, total, locked, free)
        WHERE asset IS NOT NULL) e
      LEFT JOIN (SELECT DISTINCT account_id, asset_code, balance_after FROM ledger_entries) l
        ON l.account_id = e.account_id AND l.asset_code = e.asset AND l.balance_after = e.total
      WHERE total <> locked + free OR (total <> 0 AND l.account_id IS NULL)`,
  },
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
    promise: 'A closed account has nothing, and nothing reached it afterwards.',
    sql: `SELECT a.id AS subject,
        format('closed at %s with balances of %s, last entry at %s', a.closed_at,
          coalesce(b.balances, 'nothing'), e.last) AS detail
      FROM accounts a
      LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', total, asset_code), ', ' ORDER BY asset_code) AS balances
        FROM balances WHERE account_id = a.id AND (total <> 0 OR locked <> 0)) b ON true
      LEFT JOIN LATERAL (
        SELECT max(created_at) AS last FROM ledger_entries WHERE account_id = a.id) e ON true
      WHERE a.closed_at IS NOT NULL AND (b.balances IS NOT NULL OR e.last > a.closed_at)`,
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
    name: 'members',
    promise: 'Every role on an account is what the last recorded change of that member left.',
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
          SELECT max(finished_at) FROM _prisma_migrations WHERE migration_name LIKE '%_member_changes'))`,
  },
  {
    name: 'rails',
    promise: 'A rail is suspended exactly as its last recorded change left it.',
    sql: `SELECT concat_ws(' ', rail, asset_code) AS subject,
        format('it is %s, its last change says %s', coalesce(s.reason, 'not suspended'),
          coalesce(c.reason, 'not suspended')) AS detail
      FROM rail_suspensions s FULL JOIN (
        SELECT DISTINCT ON (asset_code, rail) asset_code, rail, reason
        FROM rail_changes ORDER BY asset_code, rail, id DESC) c USING (asset_code, rail)
      WHERE s.reason IS DISTINCT FROM c.reason`,
  },
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
