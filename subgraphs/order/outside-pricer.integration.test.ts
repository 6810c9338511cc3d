import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { TestPricer } from './test-pricer.ts';
import { RfqClient, type RfqView } from './test-rfq-client.ts';

describe('a desk whose prices are of somebody else', () => {
  let pricer: TestPricer;
  let desk: TestDesk;
  beforeAll(async () => {
    pricer = await TestPricer.start();
    pricer.answer = (asks) =>
      asks.map(() => ({ bidPrice: '63900', askPrice: '64100', reference: 'r-1' }));
    const rfq = { ...RFQ_SETTINGS, quoteLifeMs: 25_000, rfqLifeMs: 25_000 };
    // A busy machine is slow: what is late is told elsewhere.
    const times = { deadlineMs: 5000, maxAgeMs: 10_000, collarBps: 100 };
    desk = await startTestDesk({ rfq, outsidePricer: { url: pricer.url, ...times } });
    market('63990', '64010');
  });
  afterAll(async () => {
    await desk.stop();
    await pricer.stop();
  });
  const market = (bid: string, ask: string) => {
    const receivedAtMs = Date.now() + 60_000;
    desk.quote({ bids: [[bid, '50']], asks: [[ask, '50']], receivedAtMs });
  };

  it('quotes them in the first answer, keeps whose they are, and trades on them as ever', async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '100000' }));
    const quoted = await until(
      () => client.request(),
      ({ rfq }) => rfq.quotes.length === 1,
    );
    const [quote] = quoted.rfq.quotes;
    expect(quote).toMatchObject({
      ...{ bidPrice: '63900.00', askPrice: '64100.00', source: 'MACHINE' },
    });
    if (quote === undefined) return;
    const answer = await client.accept(client.acceptOf({ rfq: quoted.rfq, quote }));
    expect(answer).toMatchObject({ __typename: 'QuoteFilled', rfq: { fillPrice: '64100.00' } });
    const { data } = await client.trader.query<{ rfq: { quotes: readonly object[] } }>(
      `query ($id: ID!) { rfq(id: $id) { quotes { basis {
        midPrice walkedAskPrice spreadBps outside { reference askedAt }
      } } } }`,
      { id: answer.rfq.id },
    );
    expect(data.rfq.quotes).toMatchObject([
      {
        basis: {
          ...{ midPrice: '64000.00', walkedAskPrice: null, spreadBps: '0' },
          outside: { reference: 'r-1' },
        },
      },
    ]);
  });

  it('quotes a client who has taken one none that was requested before', async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '200000' }));
    const about = { side: 'BUY', size: { quantity: '0.3' } };
    const take = async ({ id }: RfqView) => {
      const rfq = await until(
        () => client.read(id),
        ({ quotes }) => quotes.length > 0,
      );
      const [quote] = rfq.quotes;
      if (quote === undefined) throw new Error('There is no quote.');
      return (await client.accept(client.acceptOf({ rfq, quote }))).__typename;
    };
    const { rfq: first } = await client.request(about);
    expect(await take(first)).toBe('QuoteFilled');
    const { rfq: next } = await client.request(about);
    expect(await take(next)).toBe('QuoteFilled');
    const { data } = await client.trader.query<{
      first: { updatedAt: string };
      next: { quotes: readonly { basis: { outside: { askedAt: string } } }[] };
    }>(
      `query ($first: ID!, $next: ID!) {
        first: rfq(id: $first) { updatedAt }
        next: rfq(id: $next) { quotes { basis { outside { askedAt } } } }
      }`,
      { first: first.id, next: next.id },
    );
    for (const { basis } of data.next.quotes)
      expect(basis.outside.askedAt > data.first.updatedAt).toBe(true);
  });

  it('does not quote what is not to be believed, and takes back what it had quoted', async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '100000' }));
    const { rfq, quote } = await client.quoted();
    pricer.answer = (asks) => asks.map(() => ({ bidPrice: '64100', askPrice: '63900' }));
    await until(
      () => client.read(rfq.id),
      ({ status }) => status === 'OPEN',
    );
    expect((await client.accept(client.acceptOf({ rfq, quote }))).refusal?.reason).toBe(
      'QUOTE_WITHDRAWN',
    );
    const size = { quantity: '0.25' };
    expect((await client.request({ size })).rfq).toMatchObject({ status: 'OPEN', quotes: [] });
  });
});
