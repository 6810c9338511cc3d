import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

const HOUR_MS = 3_600_000;

interface History {
  readonly account: {
    readonly history: {
      readonly edges: readonly { readonly node: { readonly at: string } }[];
    };
  };
}

/** Runs a statement in a store of the desk. */
async function change(databaseUrl: string, statement: string, values: readonly unknown[]) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement, [...values]);
  await client.end();
}

describe('the history of an account', () => {
  let desk: Desk;
  let trader: TraderClient;
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const before = (hours: number) => new Date(hour - hours * HOUR_MS);

  beforeAll(async () => {
    desk = await shareDesk('still');
    trader = await desk.aTrader({ USDT: '1000', SOL: '2' });
    // As if it had been opened and funded six hours ago, and SOL had last been traded four hours ago.
    const { accountId } = trader;
    for (const table of ['accounts', 'balance_events'])
      await change(
        desk.databaseUrls.account,
        `UPDATE ${table} SET created_at = $2 WHERE ${table === 'accounts' ? 'id' : 'account_id'} = $1`,
        [accountId, new Date(hour - 5.5 * HOUR_MS)],
      );
    await change(
      desk.databaseUrls['market-data'],
      `INSERT INTO candles (symbol, interval, open_time, open, high, low, close, volume, quote_volume, trade_count,
        taker_buy_volume, closed, revision)
      VALUES ('SOL-USDT', 'ONE_HOUR', $1, 150, 150, 150, 150, 1, 150, 1, 0, true, 1)`,
      [before(5)],
    );
  });
  afterAll(() => desk.stop());

  it('shows what it held at each hour, and what that was worth in any asset', async () => {
    const { data, errors } = await trader.send(
      `query ($id: ID!, $to: DateTime) { account(id: $id) {
        history(interval: ONE_HOUR, to: $to, first: 9) { edges { node {
          at nonZero: balances(omitZero: true) { total: free asset { code name } }
          valuation { value stale asOf } inSol: valuation(quote: "SOL") { value }
        } } }
      } }`,
      { id: trader.accountId, to: before(3).toISOString() },
    );
    expect(errors).toBeUndefined();
    const { edges } = (data as History).account.history;
    const nonZero = [
      { total: '2.00000000', asset: { code: 'SOL', name: 'Solana' } },
      { total: '1000.00000000', asset: { code: 'USDT', name: 'Tether' } },
    ];
    const at = before(4).toISOString();
    expect(edges.map(({ node }) => node)).toEqual([
      {
        ...{ at, nonZero, inSol: { value: '8.66666666' } },
        valuation: { value: '1300.00000000', stale: false, asOf: at },
      },
      {
        ...{ at: before(5).toISOString(), nonZero, inSol: { value: null } },
        valuation: { value: null, stale: false, asOf: before(5).toISOString() },
      },
    ]);
  });

  it('belongs to nobody else', async () => {
    const other = await desk.aTrader({ USDT: '1' });
    const history = 'history { edges { node { at valuation { value } } } }';
    const query = `query ($id: ID!) { account(id: $id) { ${history} } }`;
    const { data } = await other.send(query, { id: trader.accountId });
    expect(data).toEqual({ account: null });
  });
});
