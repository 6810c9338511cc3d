import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  parseAccountId,
  parseClientRfqId,
  parseQuoteId,
  parseRfqId,
  trusted,
} from '#shared/domain/ids.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { RfqLoaders } from '../rfq-loaders.ts';
import { openOrderStores } from './open-order-stores.ts';
import { openTestOrderStores, type TestOrderStores } from './test-order-stores.ts';

const RFQ = trusted(parseRfqId, 'r-1');
/** Far from the time of the store's own clock. */
const NOW_MS = Date.UTC(2020, 0, 1);
const at = (ms: number) => new Date(NOW_MS + ms);

describe('the snapshot of a request for quote', () => {
  let { databaseUrl, stores, sql, close } = {} as TestOrderStores;
  beforeAll(async () => {
    ({ databaseUrl, stores, sql, close } = await openTestOrderStores());
  });
  afterAll(() => close());
  const request = (status: string) =>
    sql(
      `INSERT INTO rfqs (id, account_id, client_rfq_id, number, symbol, quantity, status, sequence,
        created_at, expires_at, updated_at, closed_at)
      VALUES ($1, 'anna', 'c-1', 1, 'BTC-USDT', 0.5, $2::"RfqStatus", 7, $3, $4, $3, $5)`,
      [RFQ, status, at(0), at(30_000), status === 'CANCELED' ? at(1) : null],
    );
  const quote = (id: string, createdMs: number, validMs: number, withdrawnMs: number | null) =>
    sql(
      `INSERT INTO rfq_quotes (id, rfq_id, source, ask_price, ask_quantity, basis, created_at,
        valid_until, withdrawn_at)
      VALUES ($1, $2, 'TRADER', 64000.123456789012345678, 0.5, NULL, $3, $4, $5)`,
      [id, RFQ, at(createdMs), at(validMs), withdrawnMs === null ? null : at(withdrawnMs)],
    );
  beforeEach(() => sql('TRUNCATE rfqs, rfq_quotes, settlements CASCADE'));
  const firm = async (nowMs: number) => {
    const { snapshot } = await stores.rfqs.snapshot(RFQ, NOW_MS + nowMs);
    return snapshot.quotes.map(({ id }) => id as string);
  };

  it('has the quotes that are firm by the clock of the desk, whatever that of the store says', async () => {
    await request('QUOTED');
    await quote('first', 0, 2500, null);
    await quote('taken-back', 100, 2600, 200);
    await quote('second', 250, 2750, null);
    expect(await firm(2499)).toEqual(['second', 'first']);
    expect(await firm(2500)).toEqual(['second']);
    expect(await firm(2750)).toEqual([]);
    const { sequence, snapshot } = await stores.rfqs.snapshot(RFQ, NOW_MS);
    expect(sequence).toBe(7n);
    expect(snapshot).toMatchObject({
      rfq: { id: RFQ, createdAt: NOW_MS, expiresAt: NOW_MS + 30_000, state: { status: 'QUOTED' } },
      quotes: [
        {
          createdAt: NOW_MS + 250,
          validUntil: NOW_MS + 2750,
          ask: { price: 64000123456789012345678n },
        },
        {},
      ],
      settlement: null,
    });
    expect(await stores.rfqs.rfqsById([RFQ])).toEqual([snapshot.rfq]);
    const all = await stores.rfqs.quotePages([RFQ], { limit: 10, after: null });
    expect(all.map(({ id }) => id)).toEqual(['second', 'taken-back', 'first']);
    const [second] = all;
    const read = (id: string, rfq: string) =>
      stores.rfqs.quote(trusted(parseRfqId, rfq), trusted(parseQuoteId, id));
    expect(await read('second', RFQ)).toEqual(second);
    expect(await read('second', 'r-2')).toBeNull();
    expect(await read('third', RFQ)).toBeNull();
  });

  it('is not there while the store does not answer, and a command that reads it first says so', async () => {
    const closed = openOrderStores({ databaseUrl, onConnectionError: () => undefined });
    await closed.close();
    const loaders = new RfqLoaders(closed.rfqs);
    const accountId = trusted(parseAccountId, 'anna');
    const clientRfqId = trusted(parseClientRfqId, 'c-1');
    await Promise.all(
      [loaders.rfq(RFQ), loaders.rfqByClientRfqId({ accountId, clientRfqId })].map((reading) =>
        expect(reading).rejects.toThrow(UnavailableError),
      ),
    );
  });

  it('has no quotes of one that is closed, and its settlement', async () => {
    await request('CANCELED');
    await quote('first', 0, 2500, null);
    await sql(
      `INSERT INTO settlements (id, rfq_id, order_id, account_id, symbol, side, quantity, notional,
        status, created_at)
      VALUES ('t-1', $1, 'o-1', 'anna', 'BTC-USDT', 'BUY', 0.5, 32000, 'PENDING', $2)`,
      [RFQ, at(5)],
    );
    expect(await firm(0)).toEqual([]);
    const { snapshot } = await stores.rfqs.snapshot(RFQ, NOW_MS);
    expect(snapshot.settlement).toMatchObject({ id: 't-1', createdAt: NOW_MS + 5 });
    expect([await stores.rfqs.settlementsOfRfqs([RFQ])]).toEqual([[snapshot.settlement]]);
  });
});
