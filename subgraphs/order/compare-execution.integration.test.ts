import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { RfqClient } from './test-rfq-client.ts';

const COMPARE = /* GraphQL */ `
  mutation ($input: CompareExecutionInput!) {
    compareExecution(input: $input) {
      __typename
      ... on ExecutionComparison {
        replayed
        midPrice
        book {
          wouldBeAccepted
          violations {
            reason
          }
          estimatedFilledQuantity
          estimatedAverageFillPrice
          notional
          estimatedFee
          total
          slippageBps
        }
        filledShare
        quote {
          rfqId
          quoteId
          price
          quantity
          total
          slippageBps
        }
        cheaper
        savings
        comparisonToken
      }
      ... on QuoteRequestDenied {
        refusal {
          reason
        }
      }
      ... on ClientRfqIdConflict {
        differingFields
      }
    }
  }
`;

interface Comparison {
  readonly __typename: string;
  readonly replayed: boolean;
  readonly book: Readonly<Record<string, string | null>>;
  readonly quote: Readonly<Record<string, string>> | null;
  readonly comparisonToken: string;
  readonly refusal?: { readonly reason: string };
}

const INVALID = 'COMPARISON_TOKEN_INVALID';

describe('compareExecution', () => {
  let desk: TestDesk;
  let comparisons = 0;
  beforeAll(async () => {
    const pricing = { ...RFQ_SETTINGS.pricing, volatilityPercent: 0 };
    // All lives are long, so that a slow machine is in time with them.
    const lives = { quoteLifeMs: 60_000, rfqLifeMs: 60_000, comparisonLifeMs: 60_000 };
    desk = await startTestDesk({ rfq: { ...RFQ_SETTINGS, pricing, ...lives } });
  });
  afterAll(() => desk.stop());
  const market = () => {
    desk.quote({
      bids: [
        ['63990', '0.2'],
        ['63980', '50'],
      ],
      asks: [
        ['64010', '0.3'],
        ['64020', '50'],
      ],
      receivedAtMs: Date.now() + 60_000,
    });
  };
  beforeEach(market);
  const compare = async ({ trader }: RfqClient, more: object = {}) => {
    const clientRfqId = `c-${(comparisons += 1)}`;
    const about = { clientRfqId, symbol: 'BTC-USDT', side: 'BUY', quantity: '0.5' };
    const input = { accountId: trader.accountId, ...about, ...more };
    const { data, errors } = await trader.query<{ compareExecution: Comparison }>(COMPARE, {
      input,
    });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.compareExecution;
  };
  const aClient = async () => {
    const client = new RfqClient(await desk.aTrader({ USDT: '1000000', BTC: '5' }));
    await until(
      async () => (await compare(client)).quote,
      (quote) => quote !== null,
    );
    return client;
  };
  const acceptOf = (client: RfqClient, { quote, comparisonToken }: Comparison, side = 'BUY') => {
    const { rfqId, quoteId, price, quantity } = quote ?? {};
    const clientOrderId = client.trader.nextId();
    const ids = { rfqId, quoteId, symbol: 'BTC-USDT', clientOrderId };
    return { ...ids, side, price, quantity, comparisonToken };
  };
  const orderOf = (client: RfqClient, { comparisonToken }: Comparison, quantity = '0.5') => ({
    ...client.trader.market('BUY', quantity),
    comparisonToken,
  });

  it.each(['BUY', 'SELL'] as const)(
    'tells of a %s what the book then does, to the last digit, and what the quote costs',
    async (side) => {
      const client = await aClient();
      const comparison = await compare(client, { side });
      const isBuy = side === 'BUY';
      expect(comparison).toMatchObject({
        __typename: 'ExecutionComparison',
        midPrice: '64000.00',
        book: { wouldBeAccepted: true, estimatedFilledQuantity: '0.50000' },
        filledShare: '1',
        quote: { quantity: '0.50000' },
        // A taker's fee of 10 bps is more than the desk's spread of 3.
        cheaper: 'RFQ',
      });
      const { book, quote } = comparison;
      const [bookTotal, quoteTotal] = [Number(book['total']), Number(quote?.['total'])];
      expect(quoteTotal).toBe(Number(quote?.['price']) * 0.5);
      expect(isBuy ? quoteTotal < bookTotal : quoteTotal > bookTotal).toBe(true);
      const { order } = await client.trader.place({
        ...client.trader.market(side, '0.5'),
        comparisonToken: comparison.comparisonToken,
      });
      expect({ ...order }).toMatchObject({
        status: 'FILLED',
        averageFillPrice: book['estimatedAverageFillPrice'],
        filledQuantity: book['estimatedFilledQuantity'],
        filledNotional: book['notional'],
        fees: book['estimatedFee'],
      });
      const late = await client.accept(acceptOf(client, comparison, side));
      expect(late.refusal).toMatchObject({ reason: INVALID, rule: 'used' });
    },
  );

  it('lets the quote be taken and then no order be placed, and the other way round without a token', async () => {
    const client = await aClient();
    const comparison = await compare(client);
    const accept = acceptOf(client, comparison);
    expect((await client.accept(accept)).__typename).toBe('QuoteFilled');
    expect(await client.accept(accept)).toMatchObject({
      __typename: 'QuoteFilled',
      replayed: true,
    });
    const denied = await client.trader.place(orderOf(client, comparison));
    expect(denied.denial).toMatchObject({ reason: INVALID, rule: 'used' });
    const { comparisonToken: _unused, ...without } = orderOf(client, comparison);
    expect((await client.trader.place(without)).order.status).toBe('FILLED');
  });

  it('executes one way alone, however many come at once', async () => {
    const client = await aClient();
    const comparison = await compare(client);
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => client.trader.place(orderOf(client, comparison))),
      ...Array.from({ length: 10 }, () => client.accept(acceptOf(client, comparison))),
    ]);
    const done = answers.filter(({ __typename }) => /OrderAccepted|QuoteFilled/.test(__typename));
    expect(done).toHaveLength(1);
  });

  it('refuses a token for what was not compared, and somebody else’s as one that is not there', async () => {
    const client = await aClient();
    const comparison = await compare(client);
    const place = async (input: object) => (await client.trader.place(input)).denial;
    expect(await place(orderOf(client, comparison, '0.4'))).toMatchObject({ rule: 'mismatch' });
    const other = await compare(client);
    const crossed = { ...acceptOf(client, other), comparisonToken: comparison.comparisonToken };
    expect((await client.accept(crossed)).refusal).toMatchObject({ rule: 'mismatch' });
    const stranger = await aClient();
    const theirs = await stranger.trader.place(orderOf(stranger, comparison));
    const absent = { ...comparison, comparisonToken: 'nobody-has-this' };
    const nobodys = await stranger.trader.place(orderOf(stranger, absent));
    expect(theirs.denial).toMatchObject({ reason: INVALID, rule: 'unknown' });
    expect(nobodys.denial).toEqual(theirs.denial);
    expect((await client.trader.place(orderOf(client, comparison))).order.status).toBe('FILLED');
  });

  it('compares again by the same id with the same token, and is refused as a request for quote is', async () => {
    const client = await aClient();
    const first = await compare(client, { clientRfqId: 'again' });
    const again = await compare(client, { clientRfqId: 'again' });
    expect(again).toMatchObject({ replayed: true, comparisonToken: first.comparisonToken });
    expect(await compare(client, { clientRfqId: 'again', side: 'SELL' })).toMatchObject({
      __typename: 'ClientRfqIdConflict',
      differingFields: ['side'],
    });
    const refused = await compare(client, { quantity: '0.000015' });
    expect(refused.refusal?.reason).toBe('QUANTITY_OFF_STEP');
    const account = { accountId: (await aClient()).trader.accountId };
    expect((await compare(client, account)).__typename).toBe('AccountNotFound');
  });

  it('says what of a size the book cannot do, and compares no totals then', async () => {
    const client = await aClient();
    expect(await compare(client, { quantity: '60' })).toMatchObject({
      quote: null,
      cheaper: null,
      savings: null,
    });
  });

  it('keeps its tokens over a restart, used and unused', async () => {
    const client = await aClient();
    const [used, unused] = [await compare(client), await compare(client)];
    await client.accept(acceptOf(client, used));
    await desk.order.stop();
    await desk.order.start();
    market();
    expect((await client.trader.place(orderOf(client, used))).denial).toMatchObject({
      reason: INVALID,
      rule: 'used',
    });
    const filled = await until(
      () => client.trader.place(orderOf(client, unused)),
      ({ __typename }) => __typename === 'OrderAccepted',
    );
    expect(filled.order.status).toBe('FILLED');
    const late = await client.accept(acceptOf(client, unused));
    expect(late.refusal).toMatchObject({ reason: INVALID, rule: 'used' });
  });
});
