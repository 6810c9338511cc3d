import pg from 'pg';
import { formatUnits } from '#shared/domain/decimal.ts';
import { DESK_TERMS } from '../../subgraphs/market-data/domain/catalog/desk-terms.ts';

const ASSETS = [
  ['USDT', 'Tether', 8],
  ['BTC', 'Bitcoin', 8],
  ['ETH', 'Ether', 8],
  ['SOL', 'Solana', 8],
  ['EUR', 'Euro', 8],
] as const;

const INSTRUMENTS = [
  { base: 'BTC', quote: 'USDT', scales: [2, 5], maxQuantity: '1000', notional: ['5', '10000000'] },
  { base: 'ETH', quote: 'USDT', scales: [2, 4], maxQuantity: '10000', notional: ['5', '10000000'] },
  { base: 'SOL', quote: 'USDT', scales: [2, 3], maxQuantity: '100000', notional: ['5', '5000000'] },
  { base: 'ETH', quote: 'BTC', scales: [5, 3], maxQuantity: '10000', notional: ['0.0001', '200'] },
  { base: 'BTC', quote: 'EUR', scales: [2, 5], maxQuantity: '1000', notional: ['5', '10000000'] },
] as const;

/**
 * Adds the desk's assets and instruments to the store. Existing rows stay unchanged, so it can run at
 * every start.
 * @throws Error if the database cannot be reached or is not migrated
 */
export async function seedMarketData(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the next query reports it
  await client.connect();
  try {
    for (const asset of ASSETS)
      await client.query(
        'INSERT INTO assets (code, name, scale) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [...asset],
      );
    for (const instrument of INSTRUMENTS) await insertInstrument(client, instrument);
  } finally {
    await client.end();
  }
}

async function insertInstrument(
  client: pg.Client,
  { base, quote, scales, maxQuantity, notional }: (typeof INSTRUMENTS)[number],
): Promise<void> {
  const [priceScale, quantityScale] = scales;
  const step = stepOf(quantityScale);
  await client.query(
    `INSERT INTO instruments (symbol, base_code, quote_code, price_scale, quantity_scale, tick_size,
       quantity_step, min_quantity, max_quantity, min_notional, max_notional, maker_fee_rate,
       taker_fee_rate, collar_rate, max_quote_age_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT DO NOTHING`,
    [
      `${base}-${quote}`,
      base,
      quote,
      priceScale,
      quantityScale,
      stepOf(priceScale),
      step,
      maxQuantity,
      ...notional,
      formatUnits(DESK_TERMS.makerFeeRate),
      formatUnits(DESK_TERMS.takerFeeRate),
      formatUnits(DESK_TERMS.collarRate),
      DESK_TERMS.maxQuoteAgeMs,
    ],
  );
}

/** `0.01` for 2 digits. */
function stepOf(scale: number): string {
  return `0.${'1'.padStart(scale, '0')}`;
}
