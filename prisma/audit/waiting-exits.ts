import type pg from 'pg';
import type { Finding } from './check.ts';
import { STUCK_SECONDS } from './stuck-seconds.ts';

/** The check over both stores that {@link waitingExits} makes. */
export const WAITING_EXITS = {
  name: 'exits',
  promise: 'An exit waits for no longer than its instrument is stopped or its account is frozen.',
} as const;

/** An order that was accepted since shows that the instrument was trading. */
const WAITING = `
  SELECT id, account_id, updated_at::text AS since
  FROM orders o LEFT JOIN (
    SELECT symbol, max(accepted_at) AS traded_at FROM orders
    WHERE accepted_at < now() - make_interval(secs => ${STUCK_SECONDS})
    GROUP BY symbol) t USING (symbol)
  WHERE closed_at IS NULL AND status = 'SUBMITTED' AND link ->> 'parentOrderId' IS NOT NULL
    AND traded_at > updated_at AND updated_at < now() - make_interval(secs => ${STUCK_SECONDS})`;

/** Finds exits that nothing keeps from being placed. */
export async function waitingExits(
  account: pg.Client,
  order: pg.Client,
): Promise<readonly Finding[]> {
  const { rows } = await order.query<Record<'id' | 'account_id' | 'since', string>>(WAITING);
  const frozen = await account.query<{ readonly id: string }>(
    `SELECT id FROM accounts WHERE trading_state = 'HALTED' AND closed_at IS NULL AND id = ANY ($1::text[])`,
    [rows.map(({ account_id: accountId }) => accountId)],
  );
  const isFrozen = new Set(frozen.rows.map(({ id }) => id));
  return rows
    .filter(({ account_id: accountId }) => !isFrozen.has(accountId))
    .map(({ id, since }) => ({
      check: WAITING_EXITS.name,
      subject: id,
      detail: `waits since ${since}`,
    }));
}
