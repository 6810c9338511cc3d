// A request for quote holds nothing, so it keeps no account open.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import { RfqClient } from './test-rfq-client.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk({ rfq: { ...RFQ_SETTINGS, quoteLifeMs: 25_000, rfqLifeMs: 25_000 } });
  desk.quote({
    ...{ bids: [['63990', '50']], asks: [['64010', '50']] },
    receivedAtMs: Date.now() + 60_000,
  });
});
afterAll(() => desk.stop());

/** As `closeAccount` leaves an account that has nothing. */
const close = (accountId: string) =>
  desk.databases.account.sql(
    `UPDATE accounts SET closed_at = now(), trading_state = 'HALTED' WHERE id = $1`,
    [accountId],
  );

describe('on an account that is closed', () => {
  it('an accept of a quote that was open is rejected, and the request is over', async () => {
    const trader = await desk.aTrader({});
    const client = new RfqClient(trader);
    const rfq = await client.quoted();
    await close(trader.accountId);
    expect(await client.accept(client.acceptOf(rfq))).toMatchObject({
      ...{ __typename: 'QuoteRejected', reason: 'ACCOUNT_BLOCKED' },
      ...{ rfq: { status: 'REJECTED' }, order: { status: 'DENIED' } },
    });
    expect(await trader.balances()).toEqual({});
  });
});
