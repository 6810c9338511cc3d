import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, ClientRfqId, RfqId } from '#shared/domain/ids.ts';
import { RFQ_SETTINGS } from '../domain/rfq/rfq-settings.ts';
import { NOW_MS, quantity } from '../domain/test-orders.ts';
import { RfqEngine } from './rfq/rfq-engine.ts';
import { INSTRUMENT, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';
import { openTestOrderStores, type TestOrderStores } from '../store/test-order-stores.ts';
import { StoredJournal } from './test-stored-journal.ts';

describe('an owner of the books whose clock is behind that of the one before', () => {
  let owned: TestOrderStores;
  beforeAll(async () => {
    owned = await openTestOrderStores();
  });
  afterAll(() => owned.close());

  it('records nothing before what that one has recorded, for whichever account', async () => {
    const store = new StoredJournal(owned.stores);
    const ahead = startDesk(store, { now: () => NOW_MS + 60_000 });
    await placer(ahead, store)('a', 'BUY', '1', limitAt('100'));
    await placer(ahead, store)('b', 'BUY', '1', limitAt('100'));
    const behind = startDesk(store);
    const { createdAt, id } = await placer(behind, store)('b', 'BUY', '1', limitAt('100'));
    expect(createdAt).toBe(NOW_MS + 60_000);
    const [stored] = await owned.stores.queries.ordersById([id]);
    expect(stored?.createdAt).toBe(createdAt);
  });

  it('records no request for quote before the newest of anybody', async () => {
    const store = new StoredJournal(owned.stores);
    const request = (clock: { now: () => number }, name: string) =>
      new RfqEngine(startDesk(store, clock).journal).request(
        {
          ...{ id: name as RfqId, clientRfqId: name as ClientRfqId, accountId: name as AccountId },
          ...{
            symbol: SYMBOL,
            side: 'BUY',
            size: { quantity: quantity('1'), quoteQuantity: null },
          },
        },
        INSTRUMENT,
      );
    const later = NOW_MS + 120_000;
    await request({ now: () => later }, 'ahead');
    await request({ now: () => NOW_MS }, 'behind');
    const rows = await owned.stores.rfqs.rfqsById(['ahead', 'behind'] as RfqId[]);
    expect(rows.map(({ createdAt }) => createdAt)).toEqual([later, later]);
    // What the client was promised goes by the clock.
    expect(rows.map(({ expiresAt }) => expiresAt - NOW_MS).toSorted((a, b) => a - b)).toEqual([
      RFQ_SETTINGS.rfqLifeMs,
      RFQ_SETTINGS.rfqLifeMs + 120_000,
    ]);
  });
});
