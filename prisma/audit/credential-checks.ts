import { WITHDRAWAL_WAIT_MS } from '../../subgraphs/account/identity/withdrawals/withdrawal-addresses.ts';
import type { Check } from './check.ts';

/** The last action of each user among some. */
const lastOf = (...actions: readonly string[]) => `
  SELECT DISTINCT ON (user_id) user_id, action FROM audit_entries
  WHERE action IN (${actions.map((action) => `'${action}'`).join(', ')}) ORDER BY user_id, sequence DESC`;

/** What must hold of the ways to a user's money: who owns the database could otherwise open one behind the user's back. */
export const CREDENTIAL_CHECKS: readonly Check[] = [
  {
    name: 'credentials',
    promise: 'Every key and session was made by its trail, and none goes on that the trail ends.',
    // Those that are older than the trails may be in none.
    sql: `SELECT concat_ws(' ', c.kind, c.id) AS subject,
        format('made at %s and ended at %s; by the trail of %s it was made: %s, ended: %s', c.created_at, c.ended_at,
          c.user_id, coalesce(t.is_made, false), coalesce(t.is_ended, false)) AS detail
      FROM (SELECT 'key' AS kind, id, user_id, created_at, revoked_at AS ended_at FROM api_keys
        UNION ALL SELECT 'session', id, user_id, created_at, ended_at FROM sessions) c
      LEFT JOIN (
        SELECT user_id, subject_id, bool_or(action IN ('API_KEY_CREATED', 'SIGNED_IN')) AS is_made,
          bool_or(action IN ('API_KEY_REVOKED', 'SESSION_ENDED', 'REFRESH_TOKEN_REUSED')) AS is_ended
        FROM audit_entries WHERE subject_id IS NOT NULL GROUP BY user_id, subject_id) t
        ON t.user_id = c.user_id AND t.subject_id = c.id
      WHERE (t.is_ended AND c.ended_at IS NULL)
        OR (t.is_made IS NOT TRUE AND c.created_at > (
          SELECT max(finished_at) FROM _prisma_migrations WHERE migration_name LIKE '%_audit_trail'))`,
  },
  {
    name: 'factors',
    promise: "A user's second factor is on exactly if that is how their trail left it.",
    sql: `SELECT user_id AS subject,
        format('it is %s, the last entry says %s', CASE WHEN f.user_id IS NULL THEN 'off' ELSE 'on' END,
          coalesce(a.action::text, 'nothing')) AS detail
      FROM (SELECT user_id FROM second_factors WHERE confirmed_at IS NOT NULL) f
      FULL JOIN (${lastOf('SECOND_FACTOR_ON', 'SECOND_FACTOR_OFF', 'SECOND_FACTOR_RESET')}) a USING (user_id)
      WHERE (f.user_id IS NOT NULL) <> (a.action IS NOT NULL AND a.action = 'SECOND_FACTOR_ON')`,
  },
  {
    name: 'addresses',
    promise:
      'A saved address was saved by its trail, has waited for a day, and is there exactly until the trail removes it; withdrawals are limited to such as the trail left it.',
    sql: `SELECT w.id AS subject,
        format('%s of %s, usable from %s and removed at %s; by the trail it was saved: %s, removed: %s', w.address,
          w.user_id, w.usable_from, w.removed_at, coalesce(t.is_saved, false), coalesce(t.is_removed, false)) AS detail
      FROM withdrawal_addresses w
      LEFT JOIN (
        SELECT user_id, subject_id, bool_or(action = 'WITHDRAWAL_ADDRESS_ADDED') AS is_saved,
          bool_or(action = 'WITHDRAWAL_ADDRESS_REMOVED') AS is_removed
        FROM audit_entries WHERE action IN ('WITHDRAWAL_ADDRESS_ADDED', 'WITHDRAWAL_ADDRESS_REMOVED')
        GROUP BY user_id, subject_id) t ON t.user_id = w.user_id AND t.subject_id = w.id
      WHERE (t.is_saved, t.is_removed) IS DISTINCT FROM (true, w.removed_at IS NOT NULL)
        OR w.usable_from < w.added_at + make_interval(secs => ${WITHDRAWAL_WAIT_MS / 1000})
      UNION ALL
      SELECT user_id, format('withdrawals are limited: %s, the last entry says %s', s.user_id IS NOT NULL,
          coalesce(a.action::text, 'nothing'))
      FROM (SELECT user_id FROM saved_addresses_switches WHERE off_from IS NULL) s
      FULL JOIN (${lastOf('SAVED_ADDRESSES_ONLY_ON', 'SAVED_ADDRESSES_ONLY_OFF_REQUESTED')}) a USING (user_id)
      WHERE (s.user_id IS NOT NULL) <> (a.action IS NOT NULL AND a.action = 'SAVED_ADDRESSES_ONLY_ON')`,
  },
];
