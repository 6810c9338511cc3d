import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../prisma/test-database.ts';
import { createAccountServer } from './server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('account');
});
afterAll(() => database.drop());

/** How many sessions wait for a lock on a table. */
async function waitingFor(table: string): Promise<number> {
  const [row] = await database.sql<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_locks
     WHERE relation = $1::regclass AND database = (SELECT oid FROM pg_database
       WHERE datname = current_database()) AND NOT granted`,
    [table],
  );
  return row?.waiting ?? 0;
}

it.each(['_prisma_migrations', 'second_factors'])(
  'a start survives that %s cannot be read in time at first',
  async (table) => {
    const bus = new MemoryEventBus();
    const { privateKey } = generateKeyPairSync('ed25519');
    await database.sql('BEGIN');
    await database.sql(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const starting = createAccountServer({
      databaseUrl: database.url,
      bus,
      passportKeys: [],
      accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
      clock: systemClock,
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    starting.catch(() => undefined);
    try {
      await vi.waitUntil(async () => (await waitingFor(table)) > 0, { timeout: 10_000 });
      await vi.waitUntil(async () => (await waitingFor(table)) === 0, { timeout: 10_000 });
    } finally {
      await database.sql('ROLLBACK');
    }
    await (await starting).stop();
    await bus.dispose();
  },
);
