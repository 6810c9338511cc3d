import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { openTcpProxy, type TcpProxy } from '#shared/events/test-tcp-proxy.ts';
import { ImpatientClient } from '#shared/store/impatient-client.ts';
import { accountId, deposit } from '../domain/test-commands.ts';
import { openAccountStores } from './open-account-stores.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

// A server that vanishes without closing its connections never answers on them again.

let books: TestStores;
let proxy: TcpProxy;
let databaseUrl: string;
beforeEach(async () => {
  books = await openTestStores();
  const url = new URL(books.databaseUrl);
  proxy = await openTcpProxy(Number(url.port));
  url.port = `${proxy.port}`;
  databaseUrl = url.href;
});
afterEach(async () => {
  await proxy.close();
  await books.close();
});

it('the ledger continues on new connections', async () => {
  const { ledger, accounts, close } = openAccountStores({
    ...{ databaseUrl, bus: books.bus, clock: systemClock },
    onConnectionError: () => undefined,
  });
  await books.addAccount('anna');
  await books.addAccount('bert');
  // One call runs as a single statement, because its account is in memory; the other as a transaction, because its
  // account is not.
  for (const name of ['anna', 'bert']) {
    await ledger.run('tester', [deposit(`before-${name}`, 'anna', '1')]);
    proxy.hold();
    await expect(ledger.run('tester', [deposit(`lost-${name}`, name, '2')])).rejects.toThrow();
  }
  await ledger.run('tester', [deposit('last', 'anna', '4')]);
  const key = { accountId: accountId('anna'), atMs: systemClock.now() + 60_000 };
  expect(await accounts.balancesAt([key])).toMatchObject([[{ total: '6.00000000' }]]);
  await close();
});

it('a connection that timed out in a transaction is not reused', async () => {
  const pool = new pg.Pool({
    ...{ connectionString: databaseUrl, max: 1, query_timeout: 500, Client: ImpatientClient },
  });
  const client = await pool.connect();
  client.on('error', () => undefined);
  await client.query('BEGIN');
  proxy.hold();
  await expect(client.query('SELECT 1')).rejects.toThrow('Query read timeout');
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
