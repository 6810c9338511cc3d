import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

const ATTEMPTS = 20;
const RETRY_MS = 50;

/**
 * Takes an advisory lock for this session alone. Tries for a second: PostgreSQL may not have noticed yet that a process
 * which had it was killed. @returns whether it is ours
 */
export async function tryLock(session: pg.Client, lock: number): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { rows } = await session.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [lock],
    );
    if (rows[0]?.taken === true) return true;
    await delay(RETRY_MS);
  }
  return false;
}
