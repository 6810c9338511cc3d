import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { RFQ_SETTINGS } from './domain/rfq/rfq-settings.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { RfqClient } from './test-rfq-client.ts';
import { TestTrader } from './test-trader.ts';

const STATISTICS = /* GraphQL */ `
  query ($id: ID!, $from: DateTime, $to: DateTime) {
    _entities(representations: [{ __typename: "Account", id: $id }]) {
      ... on Account {
        rfqStatistics(from: $from, to: $to) {
          requests
          quoted
          accepted
          filled
          rejections {
            reason
            count
          }
          lastLooks {
            move
            looks
            filledAsQuoted
            improved
            slipped
            rejected
          }
          responseRate
          acceptanceRate
          priceImprovements {
            asset
            amount
          }
        }
      }
    }
  }
`;
const DESK = /* GraphQL */ `
  query ($symbol: ID!, $from: DateTime, $to: DateTime, $bucketMs: Int! = 3600000) {
    deskRfqStatistics(symbol: $symbol, from: $from, to: $to, bucketMs: $bucketMs) {
      __typename
      ... on DeskRfqStatistics {
        fills
        unmeasuredFills
        quantity
        notional
        spreadCaptured
        inventory {
          at
          inventory
        }
      }
    }
  }
`;
const LIMITS = /* GraphQL */ `
  query ($id: ID!, $symbol: ID!) {
    _entities(representations: [{ __typename: "Account", id: $id }]) {
      ... on Account {
        rfqLimits(symbol: $symbol) {
          requestWindows {
            requests
            windowMs
            remaining
          }
          openRfqs
          maxOpenRfqs
          userOpenRfqs
          maxUserOpenRfqs
          maxLevelStreams
          maxUserLevelStreams
          maxLevelPrices
          minQuantity
          maxNotional
          credit {
            asset
            gross {
              limit
              used
              remaining
            }
            net {
              limit
              used
              remaining
            }
            rooms {
              side
              remaining
              isDeskBinding
            }
          }
          quoteLifeMs
          lastLookMs
          lastLookToleranceBps
          maxSlippageBps
        }
      }
    }
  }
`;

interface Figures {
  readonly _entities: readonly [
    {
      readonly rfqStatistics: Readonly<Record<string, unknown>> | null;
      readonly rfqLimits: Readonly<Record<string, unknown>> | null;
    } | null,
  ];
}
interface DeskFigures {
  readonly deskRfqStatistics: {
    readonly __typename: string;
    readonly inventory: readonly { readonly at: string; readonly inventory: string }[];
  } | null;
}

describe('figures about quotes on request', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    const pricing = { ...RFQ_SETTINGS.pricing, volatilityPercent: 0 };
    const lives = { quoteLifeMs: 25_000, rfqLifeMs: 25_000 };
    const { client } = RFQ_SETTINGS.credit;
    const credit = { client, desk: { gross: client.gross, net: client.net } };
    desk = await startTestDesk({ rfq: { ...RFQ_SETTINGS, pricing, ...lives, credit } });
  });
  afterAll(() => desk.stop());
  const market = (bid: string, ask: string) => {
    const receivedAtMs = Date.now() + 60_000;
    desk.quote({ bids: [[bid, '50']], asks: [[ask, '50']], receivedAtMs });
  };
  beforeEach(() => {
    market('63990', '64010');
  });
  const aQuotedClient = async (balances: Readonly<Record<string, string>>) => {
    const client = new RfqClient(await desk.aTrader(balances));
    await until(
      async () => (await client.request()).rfq.quotes.length,
      (count) => count > 0,
    );
    return client;
  };
  const statisticsOf = async (client: RfqClient, period: object = {}) => {
    const variables = { id: client.trader.accountId, ...period };
    const { data } = await client.trader.query<Figures>(STATISTICS, variables);
    return data._entities[0]?.rfqStatistics;
  };

  it('count what became of a client’s requests, and which way its last looks went', async () => {
    const client = await aQuotedClient({ USDT: '1000000', BTC: '1' });
    const before = (await statisticsOf(client))?.['requests'];
    const quotes: Awaited<ReturnType<typeof client.quoted>>[] = [];
    for (let count = 0; count < 5; count += 1) quotes.push(await client.quoted());
    const [plain, better, sold, worse, slipping] = quotes;
    const accept = async (
      quoted: Awaited<ReturnType<typeof client.quoted>> | undefined,
      side: 'BUY' | 'SELL' = 'BUY',
      more: object = {},
    ) => {
      if (quoted === undefined) throw new Error('There is no such quote.');
      return (await client.accept({ ...client.acceptOf(quoted, side), ...more })).__typename;
    };
    expect(await accept(plain)).toBe('QuoteFilled');
    // 10 bps down: for a buyer all of it, and against a seller.
    market('63926', '63946');
    expect(await accept(better)).toBe('QuoteFilled');
    expect(await accept(sold, 'SELL')).toBe('QuoteRejected');
    market('64054', '64074');
    expect(await accept(worse)).toBe('QuoteRejected');
    expect(await accept(slipping, 'BUY', { maxSlippageBps: 11 })).toBe('QuoteFilled');
    const requests = Number(before) + 5;
    const statistics = await statisticsOf(client);
    expect(statistics).toMatchObject({
      requests,
      accepted: 5,
      filled: 3,
      rejections: [{ reason: 'LAST_LOOK_PRICE_MOVED', count: 2 }],
      lastLooks: [
        { move: 'FOR_CLIENT', looks: 1, filledAsQuoted: 0, improved: 1, slipped: 0, rejected: 0 },
        { move: 'NONE', looks: 1, filledAsQuoted: 1, improved: 0, slipped: 0, rejected: 0 },
        {
          ...{ move: 'AGAINST_CLIENT', looks: 3, filledAsQuoted: 0 },
          ...{ improved: 0, slipped: 1, rejected: 2 },
        },
      ],
      // (64029.62 − 63966.42) × 0.5 given, (64095.29 − 64029.62) × 0.5 slipped: 0.82 more for each 0.5 taken before.
      priceImprovements: [{ asset: 'USDT', amount: '-1.23500000' }],
    });
    expect(Number(statistics?.['acceptanceRate'])).toBeCloseTo(
      5 / Number(statistics?.['quoted']),
      12,
    );
    expect(await statisticsOf(client, { to: '2020-01-01T00:00:00Z' })).toMatchObject({
      requests: 0,
      responseRate: null,
      acceptanceRate: null,
      priceImprovements: [],
    });
    const swapped = { from: '2021-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' };
    const variables = { id: client.trader.accountId, ...swapped };
    const { errors } = await client.trader.query(STATISTICS, variables);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('show the desk what it captured and what it has, and nobody else', async () => {
    const house = new TestTrader(desk, 'house' as AccountId);
    const client = await aQuotedClient({ USDT: '100000', BTC: '1' });
    const read = async (period: object = {}) => {
      const { data } = await house.query<DeskFigures>(DESK, { symbol: 'BTC-USDT', ...period });
      return data.deskRfqStatistics;
    };
    const now = Date.now();
    const [from, to] = [now, now + 3_600_000].map((at) => new Date(at).toISOString());
    const period = { from, to, bucketMs: 1_800_000 };
    const earlier = await read(period);
    const bought = await client.quoted();
    await client.accept(client.acceptOf(bought));
    const sold = await client.quoted({ size: { quantity: '0.2' } });
    await client.accept(client.acceptOf(sold, 'SELL'));
    const { askPrice, bidPrice } = { ...bought.quote, bidPrice: sold.quote.bidPrice };
    // 10 bps down, which the client gets; the desk has captured its spread nevertheless.
    const moved = await client.quoted();
    market('63926', '63946');
    await client.accept(client.acceptOf(moved));
    const fillPrice = Math.ceil((Number(moved.quote.askPrice) * 6_393_600) / 64000) / 100;
    const captured =
      0.5 * (Number(askPrice) - 64000) +
      0.2 * (64000 - Number(bidPrice)) +
      0.5 * (fillPrice - 63936);
    const later = await read(period);
    expect(later).toMatchObject({
      __typename: 'DeskRfqStatistics',
      fills: 3,
      unmeasuredFills: 0,
      quantity: '1.20000',
      spreadCaptured: captured.toFixed(8),
    });
    const [start, end] = [earlier?.inventory[0], later?.inventory[1]];
    expect(later?.inventory).toHaveLength(3);
    expect(Number(end?.inventory) - Number(start?.inventory)).toBeCloseTo(-0.8, 9);
    expect((await client.trader.query<DeskFigures>(DESK, { symbol: 'BTC-USDT' })).data).toEqual({
      deskRfqStatistics: { __typename: 'NotTheDesk' },
    });
    expect(await read({ symbol: 'nope' })).toBeNull();
    const many = { symbol: 'BTC-USDT', from, to, bucketMs: 1 };
    const { errors } = await house.query(DESK, many);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('show all limits before one hits them', async () => {
    const client = await aQuotedClient({ USDT: '100000' });
    const limitsOf = async (symbol: string) => {
      const variables = { id: client.trader.accountId, symbol };
      const { data } = await client.trader.query<Figures>(LIMITS, variables);
      return data._entities[0]?.rfqLimits;
    };
    await until(
      () => limitsOf('BTC-USDT'),
      (limits) => /"used":"0.00000000".*"used":"0.00000000"/.test(JSON.stringify(limits)),
    );
    const before = await limitsOf('BTC-USDT');
    expect(before).toMatchObject({
      maxOpenRfqs: 50,
      maxUserOpenRfqs: 100,
      maxLevelStreams: 20,
      maxUserLevelStreams: 100,
      maxLevelPrices: 200,
      minQuantity: '0.00001',
      credit: {
        asset: 'USDT',
        gross: { limit: '20000000.00000000', remaining: '20000000.00000000' },
        net: { limit: '10000000.00000000', remaining: '10000000.00000000' },
        rooms: [
          { side: 'BUY', remaining: '10000000.00000000' },
          { side: 'SELL', remaining: '10000000.00000000' },
        ],
      },
      lastLookMs: 100,
      lastLookToleranceBps: 5,
      maxSlippageBps: 20,
    });
    const [open, ofUser] = [Number(before?.['openRfqs']), Number(before?.['userOpenRfqs'])];
    await client.request();
    const after = await limitsOf('BTC-USDT');
    expect(after?.['openRfqs']).toBe(open + 1);
    expect(after?.['userOpenRfqs']).toBe(ofUser + 1);
    const [, perMinute, perHour] = after?.['requestWindows'] as readonly Record<string, number>[];
    expect(perMinute).toMatchObject({ requests: 300, windowMs: 60_000 });
    expect(perHour?.['remaining']).toBeLessThan(5000);
    expect(await limitsOf('NO-SUCH')).toBeNull();
  });
});
