import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import type { Trader } from '#shared/identity/viewer.ts';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { RfqClient } from './test-rfq-client.ts';
import { TestTrader, traderViewer } from './test-trader.ts';

interface OpenView {
  readonly id: string;
  readonly isQuotedByHand: boolean;
}

describe('requests for quote', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    // Quotes live long, so that a slow machine is in time with them.
    desk = await startTestDesk({
      rfq: { ...RFQ_SETTINGS, quoteLifeMs: 25_000, rfqLifeMs: 25_000 },
    });
  });
  afterAll(() => desk.stop());
  const market = (bid: string, ask: string) => {
    const receivedAtMs = Date.now() + 60_000;
    desk.quote({ bids: [[bid, '50']], asks: [[ask, '50']], receivedAtMs });
  };

  it('are taken over by a trader of the desk, and then the machine does not quote', async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '100000' }));
    market('63990', '64010');
    await until(
      async () => (await client.request()).rfq.quotes.length,
      (count) => count > 0,
    );
    const quoted = await client.quoted({ side: 'BUY' });
    const house = new TestTrader(desk, 'house' as AccountId);
    const ask = async (trader: TestTrader, call: string) => {
      const query = `mutation { answer: ${call} { __typename
        ... on RfqNotHandled { reason } ... on QuoteRefused { refusal { reason } } } }`;
      const { data } = await trader.query<{
        answer: { __typename: string; reason?: string; refusal?: { reason: string } };
      }>(query);
      return [data.answer.__typename, data.answer.reason ?? data.answer.refusal?.reason];
    };
    const { id } = quoted.rfq;
    const takeOver = `takeOverRfq(input: { rfqId: "${id}" })`;
    const quote = (prices: string) => `quoteRfq(input: { rfqId: "${id}" ${prices} })`;
    expect(await ask(client.trader, takeOver)).toEqual(['NotTheDesk', undefined]);
    expect(await ask(house, quote('askPrice: "64020"'))).toEqual(['RfqNotHandled', 'NOT_YOURS']);
    const lists = desk.subscribe<{ openRfqs: { rfqs: readonly OpenView[] } }>(
      'subscription { openRfqs { rfqs { id isQuotedByHand } } }',
      {},
      house.viewer,
    );
    const isListedBy = async (isMeant: (open: OpenView | undefined) => boolean) => {
      for (;;) {
        const { value, done } = await lists.next();
        if (done === true) throw new Error('The list of open requests has ended.');
        if (isMeant(value.data?.openRfqs.rfqs.find((open) => open.id === id))) return;
      }
    };
    await isListedBy((open) => open?.isQuotedByHand === false);
    expect(await ask(house, takeOver)).toEqual(['RfqHandled', undefined]);
    await isListedBy((open) => open?.isQuotedByHand === true);
    expect((await client.accept(client.acceptOf(quoted))).refusal?.reason).toBe('QUOTE_WITHDRAWN');
    expect(await ask(house, quote('bidPrice: "63990"'))).toEqual(['QuoteRefused', 'SIDE_MISMATCH']);
    expect(await ask(house, quote('askPrice: "64020.001"'))).toEqual([
      ...['QuoteRefused', 'INVALID_PRICE'],
    ]);
    for (const slip of ['640.20', '640200'])
      expect(await ask(house, quote(`askPrice: "${slip}"`))).toEqual([
        ...['QuoteRefused', 'INVALID_PRICE'],
      ]);
    expect(await ask(house, quote('askPrice: "64020"'))).toEqual(['RfqHandled', undefined]);
    market('63980', '64000');
    const { quotes } = await client.read(id);
    expect(quotes[0]).toMatchObject({ source: 'TRADER', askPrice: '64020.00' });
    const byHand = { rfq: quoted.rfq, quote: quotes[0] ?? quoted.quote };
    const filled = await client.accept(client.acceptOf(byHand));
    expect(filled).toMatchObject({ __typename: 'QuoteFilled', rfq: { fillPrice: '64020.00' } });
    await isListedBy((open) => open === undefined);
    expect(await ask(house, takeOver)).toEqual(['RfqNotHandled', 'NOT_OPEN']);
  });

  it('are quoted by nobody who made them or has a role on their account', async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '100000' }));
    market('63990', '64010');
    const { rfq } = await client.quoted({ side: 'BUY' });
    const house = 'house' as AccountId;
    const { userId } = client.trader.viewer;
    const member = traderViewer([house, client.trader.accountId]);
    // A key can be restricted to the house account.
    const requester = { ...traderViewer([house]), userId };
    const reasonFor = async (viewer: Trader, call: string) => {
      const query = `mutation { answer: ${call} { ... on RfqNotHandled { reason } } }`;
      const { data } = await desk.query<{ answer: { reason?: string } }>(query, {}, viewer);
      return data.answer.reason;
    };
    const takeOver = `takeOverRfq(input: { rfqId: "${rfq.id}" })`;
    const quote = `quoteRfq(input: { rfqId: "${rfq.id}" askPrice: "64020" })`;
    expect(await reasonFor(member, takeOver)).toBe('OWN_ACCOUNT');
    expect(await reasonFor(requester, takeOver)).toBe('OWN_ACCOUNT');
    expect(await reasonFor(traderViewer([house]), takeOver)).toBeUndefined();
    expect(await reasonFor(member, quote)).toBe('OWN_ACCOUNT');
    expect(await reasonFor(traderViewer([house]), quote)).toBeUndefined();
  });
});
