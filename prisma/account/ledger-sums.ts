import pg from 'pg';

const SUMS = `
  SELECT asset_code AS asset, trim_scale(sum(total))::text AS balances, trim_scale(sum(change))::text AS entries
  FROM (SELECT asset_code, total, 0::numeric AS change FROM balances
        UNION ALL SELECT asset_code, 0::numeric, change FROM ledger_entries) AS both_sides
  GROUP BY asset_code ORDER BY asset_code`;

/**
 * The total of each asset over all accounts: clients', the desk's and the outside world's. Each is "0" in
 * a sound ledger, because money is moved and never made.
 * @throws Error naming an asset with balances and entries that do not agree
 */
export async function ledgerSums(databaseUrl: string): Promise<Readonly<Record<string, string>>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the next query reports it
  await client.connect();
  try {
    const { rows } = await client.query<{ asset: string; balances: string; entries: string }>(SUMS);
    for (const { asset, balances, entries } of rows)
      if (balances !== entries)
        throw new Error(`The balances of ${asset} are ${balances}, their entries ${entries}.`);
    return Object.fromEntries(rows.map(({ asset, balances }) => [asset, balances]));
  } finally {
    await client.end();
  }
}
