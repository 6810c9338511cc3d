import { expect } from 'vitest';
import type { TestServer } from './test-server.ts';

/** A lock in the store, and what changes before it is given up. Both statements have the same parameters. */
interface HeldLock {
  readonly lock: string;
  readonly change: string;
  readonly parameters: readonly string[];
}

/** Holds a lock until something waits for it, and then changes the store. @returns what that got */
export async function whileLocked<Result>(
  server: TestServer,
  { lock, change, parameters }: HeldLock,
  work: () => Promise<Result>,
): Promise<Result> {
  await server.sql('BEGIN');
  await server.sql(lock, [...parameters]);
  const waiting = work();
  const blocked = async () => {
    const rows = await server.sql(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length;
  };
  await expect.poll(blocked).toBeGreaterThan(0);
  await server.sql(change, [...parameters]);
  await server.sql('COMMIT');
  return waiting;
}
