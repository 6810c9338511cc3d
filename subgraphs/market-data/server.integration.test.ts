import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anonymous,
  createSeededDatabase,
  QUIET_SIM,
  startTestServer,
  testOptions,
  until,
} from './test-server.ts';

type TestServer = Awaited<ReturnType<typeof startTestServer>>;

// The whole subgraph on a real database, asked as the gateway asks it.
const cursorOf = (position: string) => Buffer.from(position).toString('base64url');
/** A cursor that nobody was given: a moment beyond those that the store can read. */
const AFTER_ALL_TIME = cursorOf('candles/BTC-USDT/ONE_DAY/999999999999999');

describe('the market-data server', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let desk: TestServer;

  beforeAll(async () => {
    database = await createSeededDatabase();
    desk = await startTestServer(
      testOptions(database.url, { ...QUIET_SIM, start: 'immediately', speed: 4 }),
    );
    await until(async () => {
      const { data } = await desk.query<{ instrument: { trades: { edges: unknown[] } } }>(
        '{ instrument(symbol: "BTC-USDT") { trades { edges { cursor } } } }',
      );
      return data.instrument.trades.edges.length >= 5;
    });
  });
  afterAll(async () => {
    await desk.stop();
    await database.drop();
  });

  describe('queries', () => {
    it('tell every instrument with its rules, page by page', async () => {
      const list = /* GraphQL */ `
        query ($after: String) {
          instruments(first: 3, after: $after) {
            edges {
              node {
                symbol
                base {
                  code
                  name
                }
                quoteAsset {
                  code
                  scale
                }
                priceScale
                quantityScale
                makerFeeRate
                takerFeeRate
                rules {
                  tickSize
                  quantityStep
                  minQuantity
                  minNotional
                  collarRate
                  maxQuoteAgeMs
                }
              }
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
        }
      `;
      interface Page {
        instruments: {
          edges: { node: Record<string, unknown> }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }
      const first = (await desk.query<Page>(list)).data.instruments;
      const second = (await desk.query<Page>(list, { after: first.pageInfo.endCursor })).data;
      const nodes = [...first.edges, ...second.instruments.edges].map(({ node }) => node);
      expect(nodes.map(({ symbol }) => symbol)).toEqual([
        'BTC-EUR',
        'BTC-USDT',
        'ETH-BTC',
        'ETH-USDT',
        'SOL-USDT',
      ]);
      expect(second.instruments.pageInfo.hasNextPage).toBe(false);
      expect(nodes[1]).toEqual({
        symbol: 'BTC-USDT',
        base: { code: 'BTC', name: 'Bitcoin' },
        quoteAsset: { code: 'USDT', scale: 8 },
        priceScale: 2,
        quantityScale: 5,
        makerFeeRate: '0.0008',
        takerFeeRate: '0.001',
        rules: {
          tickSize: '0.01',
          quantityStep: '0.00001',
          minQuantity: '0.00001',
          minNotional: '5',
          collarRate: '0.05',
          maxQuoteAgeMs: 2000,
        },
      });
    });

    it('tell the live market of an instrument, each part consistent with the other', async () => {
      const { data } = await desk.query<{ instrument: LiveInstrument }>(/* GraphQL */ `
        {
          instrument(symbol: "ETH-USDT") {
            quote {
              bidPrice
              askPrice
              crossed
              stale
              venue
              instrument {
                symbol
              }
            }
            markPrice
            grouped: orderBook(depth: 3, priceStep: "10") {
              bids {
                price
              }
              asks {
                price
              }
            }
            orderBook(depth: 5) {
              bids {
                price
              }
              asks {
                price
              }
              stale
              checksum
            }
            ticker {
              lastPrice
              averagePrice
              tradeCount
              complete
            }
            candles(interval: ONE_SECOND, first: 2) {
              edges {
                node {
                  closed
                  tradeCount
                }
              }
            }
          }
        }
      `);
      const { quote, markPrice, orderBook, grouped, candles, ticker } = data.instrument;
      expect(ticker).toMatchObject({ complete: false });
      expect(ticker.tradeCount).toBeGreaterThan(0);
      expect(quote).toMatchObject({ crossed: false, stale: false, venue: 'sim' });
      expect(quote.instrument.symbol).toBe('ETH-USDT');
      expect(orderBook.bids).toHaveLength(5);
      expect(orderBook.bids[0]?.price).toBe(quote.bidPrice);
      expect(orderBook.asks[0]?.price).toBe(quote.askPrice);
      expect(grouped.bids.filter(({ price }) => Number(price) % 10 !== 0)).toEqual([]);
      expect(Number(grouped.bids[0]?.price)).toBeLessThanOrEqual(Number(quote.bidPrice));
      expect(Number(grouped.asks[0]?.price)).toBeGreaterThanOrEqual(Number(quote.askPrice));
      expect(Number(markPrice)).toBeGreaterThan(Number(quote.bidPrice));
      expect(Number(markPrice)).toBeLessThan(Number(quote.askPrice));
      expect(candles.edges.length).toBeGreaterThan(0);
    });

    it('value an asset in another, in itself, and in one that nobody trades it for', async () => {
      const { data } = await desk.query<{ asset: Record<string, string | null> }>(
        '{ asset(code: "BTC") { lastPrice own: lastPrice(quote: "BTC") none: lastPrice(quote: "SOL") } }',
      );
      expect(Number(data.asset['lastPrice'])).toBeGreaterThan(1000);
      expect(data.asset['own']).toBe('1');
      expect(data.asset['none']).toBeNull();
    });

    it('answer null for what is not there, and resolve entities by their keys', async () => {
      const { data } = await desk.query<Record<string, unknown>>(
        `query ($representations: [_Any!]!) {
          instrument(symbol: "XXX-YYY") { symbol }
          asset(code: "XXX") { code }
          _entities(representations: $representations) {
            ... on Instrument { symbol priceScale }
            ... on Asset { code name }
          }
        }`,
        {
          representations: [
            { __typename: 'Instrument', symbol: 'SOL-USDT' },
            { __typename: 'Asset', code: 'ETH' },
            { __typename: 'Instrument', symbol: 'XXX-YYY' },
          ],
        },
      );
      expect(data).toEqual({
        instrument: null,
        asset: null,
        _entities: [{ symbol: 'SOL-USDT', priceScale: 2 }, { code: 'ETH', name: 'Ether' }, null],
      });
    });

    it('tell the state of the feed', async () => {
      const { data } = await desk.query<{ feedStatus: unknown[] }>(
        '{ serverTime feedStatus { venue state reconnects gapCount lastMessageAt } }',
      );
      expect(data.feedStatus).toMatchObject([
        { venue: 'sim', state: 'CONNECTED', reconnects: 0, gapCount: 0 },
      ]);
    });

    it.each([
      ['{ instruments(first: 0) { edges { cursor } } }', 'first'],
      ['{ instrument(symbol: "BTC-USDT") { orderBook(depth: 1001) { checksum } } }', 'depth'],
      [
        '{ instrument(symbol: "BTC-USDT") { orderBook(priceStep: "7") { checksum } } }',
        'priceStep',
      ],
      [
        `{ instrument(symbol: "BTC-USDT") { candles(interval: ONE_DAY, after: "${AFTER_ALL_TIME}") { edges { cursor } } } }`,
        'after',
      ],
      ...['candles/BTC-USDT/ONE_HOUR/0', 'candles/ETH-USDT/ONE_DAY/0', 'trades/BTC-USDT/0.1'].map(
        (position) => [
          `{ instrument(symbol: "BTC-USDT") { candles(interval: ONE_DAY, after: "${cursorOf(position)}") { edges { cursor } } } }`,
          'after',
        ],
      ),
      [
        '{ instrument(symbol: "BTC-USDT") { candles(interval: ONE_DAY, from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z") { edges { cursor } } } }',
        'from',
      ],
      ['{ instrument(symbol: "BTC-USDT") { trades(after: "e30") { edges { cursor } } } }', 'after'],
      [
        `{ instrument(symbol: "BTC-USDT") { trades(after: "${cursorOf('trades/ETH-USDT/0.1')}") { edges { cursor } } } }`,
        'after',
      ],
    ])('refuse %s and name the argument', async (query, argument) => {
      const { errors } = await desk.query<unknown>(query);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors?.[0]?.message).toContain(`"${argument}"`);
    });

    it('need the scope market:read', async () => {
      const { errors } = await desk.query<unknown>('{ serverTime }', {}, anonymous([]));
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
  });
});

interface Levels {
  readonly bids: readonly { readonly price: string }[];
  readonly asks: readonly { readonly price: string }[];
}

interface LiveInstrument {
  readonly quote: {
    readonly bidPrice: string;
    readonly askPrice: string;
    readonly instrument: { readonly symbol: string };
  };
  readonly markPrice: string;
  readonly ticker: { readonly tradeCount: number };
  readonly orderBook: Levels;
  readonly grouped: Levels;
  readonly candles: { readonly edges: readonly unknown[] };
}
