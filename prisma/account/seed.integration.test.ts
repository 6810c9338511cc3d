import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { seedAccount } from './seed.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase('account');
  folder = await mkdtemp(path.join(tmpdir(), 'deskgraph-seed-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('account seed', () => {
  it('makes the desk and the demo trader once, and keeps the key that it wrote', async () => {
    const demoKeyPath = path.join(folder, 'state', 'demo-key');
    await seedAccount(database.url, { demoKeyPath });
    const key = await readFile(demoKeyPath, 'utf8');
    expect(key.trim()).toMatch(/^dg_/);
    expect((await stat(demoKeyPath)).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, 'state', 'demo-password'))).mode & 0o777).toBe(0o600);

    await seedAccount(database.url, { demoKeyPath });
    expect(await readFile(demoKeyPath, 'utf8')).toBe(key);
    expect(await database.sql('SELECT count(*) FROM api_keys')).toEqual([{ count: '1' }]);
    expect(
      await database.sql(`SELECT asset_code, trim_scale(free) AS free FROM balances
        WHERE account_id = 'demo' ORDER BY 1`),
    ).toEqual([
      { asset_code: 'BTC', free: '1' },
      { asset_code: 'ETH', free: '10' },
      { asset_code: 'USDT', free: '100000' },
    ]);
    expect(
      await database.sql('SELECT asset_code FROM balances GROUP BY 1 HAVING sum(total) <> 0'),
    ).toEqual([]);
  });

  it('gives nothing to an account that the demo trader has closed and left', async () => {
    await seedAccount(database.url);
    await database.sql(
      `UPDATE accounts SET trading_state = 'HALTED', closed_at = now() WHERE id = 'demo-2'`,
    );
    await database.sql(`DELETE FROM account_members WHERE account_id = 'demo-2'`);
    // As if this version gave more than the one before.
    await database.sql(`DELETE FROM funds_commands WHERE id LIKE 'seed.demo-2.%'`);
    await seedAccount(database.url);
    expect(await database.sql(`SELECT FROM account_members WHERE account_id = 'demo-2'`)).toEqual(
      [],
    );
  });

  it('makes a new key when the file is gone', async () => {
    const demoKeyPath = path.join(folder, 'other', 'demo-key');
    await seedAccount(database.url, { demoKeyPath });
    expect((await readFile(demoKeyPath, 'utf8')).trim()).toMatch(/^dg_/);
    expect(await database.sql('SELECT count(*) FROM api_keys')).toEqual([{ count: '2' }]);
  });

  it('is repeated by itself if the database is too slow for one step', async () => {
    const demoKeyPath = path.join(folder, 'slow', 'demo-key');
    await database.sql('CREATE SEQUENCE tries');
    await database.sql(`CREATE FUNCTION be_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') = 1 THEN RAISE 'canceling statement' USING ERRCODE = '57014'; END IF;
      RETURN NEW; END $$`);
    await database.sql(
      'CREATE TRIGGER late BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION be_late()',
    );
    await seedAccount(database.url, { demoKeyPath });
    expect((await readFile(demoKeyPath, 'utf8')).trim()).toMatch(/^dg_/);
    expect(await database.sql('SELECT last_value FROM tries')).toEqual([{ last_value: '2' }]);
  });
});
