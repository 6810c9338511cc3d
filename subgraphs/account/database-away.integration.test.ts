// What the account subgraph does while its database cannot be written, or not be reached: nothing is a bug, and what
// only reads goes on for as long as it can.
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { GATEWAY, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) { principal { userId } }
}`;
const BALANCES = 'query ($id: ID!) { account(id: $id) { balances { total } } }';
const DEPOSIT = 'mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }';

let server: TestServer;
let trader: SeededTrader;
beforeEach(async () => {
  server = await startTestServer();
  trader = await server.aTrader({ USDT: '5' });
});
afterEach(() => server.stop());

/** Changes the database for all who connect from now on, and cuts off the others. */
async function change(setting: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    const { pathname } = new URL(server.databaseUrl);
    await client.query('SET default_transaction_read_only = off');
    await client.query(`ALTER DATABASE ${pathname.slice(1)} ${setting}`);
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  } finally {
    await client.end();
  }
}

const statusOf = async (path: string) => (await fetch(`${server.url}/health/${path}`)).status;
const authenticate = () =>
  server.subgraph.request(GATEWAY, AUTHENTICATE, { credential: { apiKey: trader.apiKey } });
const readBalances = () =>
  server.subgraph.request(viewerOf(trader), BALANCES, { id: trader.accountId });
const deposit = () =>
  server.subgraph.request(viewerOf(trader), DEPOSIT, {
    input: { transferId: 'away-1', accountId: trader.accountId, asset: 'USDT', amount: '1' },
  });
/** What a store that does not respond is told as. */
const away = (outcome: 'NOT_APPLIED' | 'UNKNOWN'): readonly unknown[] => [
  expect.objectContaining({ extensions: { code: 'UNAVAILABLE', outcome, retryable: true } }),
];

describe('while the database can only be read', () => {
  it('keys are good and balances are read, but nothing is written and the process is not ready', async () => {
    // The first use of a secret must be recorded, later ones need not.
    await authenticate();
    await change('SET default_transaction_read_only = on');
    const known = { data: { authenticate: { principal: { userId: trader.userId } } } };
    // A connection that was cut off a moment ago may be the first to be used again.
    await vi.waitFor(async () => expect(await authenticate()).toEqual(known), { timeout: 10_000 });
    expect(await readBalances()).toEqual({
      data: { account: { balances: [{ total: '5.00000000' }] } },
    });
    expect((await deposit()).errors).toEqual(away('UNKNOWN'));
    expect([await statusOf('ready'), await statusOf('live')]).toEqual([503, 200]);

    await change('RESET default_transaction_read_only');
    // A connection that was cut off a moment ago may be the first to be used again.
    await vi.waitFor(async () => expect(await statusOf('ready')).toBe(200), { timeout: 10_000 });
    expect(await deposit()).toEqual({ data: { deposit: { __typename: 'TransferApplied' } } });
  });
});

describe('while the database accepts no connections', () => {
  it('that is said, and of a command also that its outcome is not known', async () => {
    await change('CONNECTION LIMIT 0');
    expect((await authenticate()).errors).toEqual(away('NOT_APPLIED'));
    expect((await readBalances()).errors).toEqual(away('NOT_APPLIED'));
    expect((await deposit()).errors).toEqual(away('UNKNOWN'));
    expect(await statusOf('ready')).toBe(503);
  });
});
