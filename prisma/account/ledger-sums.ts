import pg from 'pg';

const SUMS = `
  SELECT asset_code AS asset, trim_scale(sum(total))::text AS balances, trim_scale(sum(change))::text AS entries
  FROM (SELECT asset_code, total, 0::numeric AS change FROM balances
        UNION ALL SELECT asset_code, 0::numeric, change FROM ledger_entries) AS both_sides
  GROUP BY asset_code ORDER BY asset_code`;

/**
 * What all accounts have of each asset, clients', the desk's and the outside world's together: "0" for
 * each in a sound ledger, since money is moved and never made.
 * @throws Error naming the asset whose balances and entries do not agree
 */
export async function ledgerSums(databaseUrl: string): Promise<Readonly<Record<string, string>>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // whoever asks next hears of it
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
