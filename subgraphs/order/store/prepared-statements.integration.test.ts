import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test-database.ts';
import { isContentRefusal, isRaised } from '#shared/store/database-failure.ts';
import { type SharedPostgres, sharePostgres } from '#shared/store/postgres-adapter.ts';

const told: unknown[] = [];
let database: TestDatabase;
let postgres: SharedPostgres;
beforeAll(async () => {
  database = await createTestDatabase('order');
  const onConnectionError = (cause: unknown) => void told.push(cause);
  postgres = sharePostgres({ databaseUrl: database.url, connections: 1, onConnectionError });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const run = (text: string, ...values: readonly unknown[]) =>
  postgres.statements.run({ text, values });

describe('a prepared statement', () => {
  it('is sent with its values, and read as text if a number could lose digits', async () => {
    const texts = ['a "quoted" one', '{}'];
    const rows = await run(
      'SELECT $1::bigint AS big, $2::text[] AS texts, $3::jsonb AS json',
      ...[2n ** 62n, texts, JSON.stringify({ of: '\\"' })],
    );
    expect(rows).toEqual([{ big: `${2n ** 62n}`, texts, json: { of: '\\"' } }]);
  });

  it('is prepared once for all its values', async () => {
    for (const value of ['1', '2', '3']) await run('SELECT $1::text AS kept', value);
    const kept = await run(
      "SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement LIKE '%AS kept'",
    );
    expect(kept).toEqual([{ runs: '3' }]);
  });

  it('fails with the error of PostgreSQL about its content, and with errors that our functions raise', async () => {
    const tooLong = run("SELECT 'x'::numeric").catch((cause: unknown) => cause);
    expect(isContentRefusal(await tooLong)).toBe(true);
    const notOurs = run("SELECT assert_owner('orders', 1)").catch((cause: unknown) => cause);
    expect(isRaised(await notOurs, 'DG002')).toBe(true);
  });

  it('continues on another connection after its own was ended, and reports that', async () => {
    const [own] = await run('SELECT pg_backend_pid() AS pid');
    await database.sql('SELECT pg_terminate_backend($1)', [own?.['pid']]);
    await expect.poll(() => told.length).toBeGreaterThan(0);
    const [next] = await run('SELECT pg_backend_pid() AS pid');
    expect(next?.['pid']).not.toBe(own?.['pid']);
  });
});
