// The real recording at full speed through the server: a subscriber of everything misses nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBookClient } from './test-book-client.ts';
import { recordedData } from './test-recordings.ts';
import { createSeededDatabase, startTestServer, testOptions, until } from './test-server.ts';
import type { OrderBookFrame } from './streams/frames.ts';

const folder = recordedData('binance-spot');
const BTC_QUOTES = 28_040 + 45_134;
const IN_TIME_MS = 120_000;

interface QuoteFrame {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence: string;
}

describe.skipIf(folder === null)('a replay at full speed', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let desk: Awaited<ReturnType<typeof startTestServer>>;
  beforeAll(async () => {
    database = await createSeededDatabase();
    desk = await startTestServer({
      ...testOptions(database.url, {
        source: `replay:${folder}`,
        speed: 'max',
        loop: false,
        start: 'first-subscription',
        seed: 0,
      }),
      maxQuoteAgeMs: 600_000,
    });
  });
  afterAll(async () => {
    await desk.stop();
    await database.drop();
  });

  it(
    'loses no quote and no book change of a subscriber who reads',
    async () => {
      const books = desk.subscribe<{ orderBookChanged: OrderBookFrame }>(BOOK);
      const client = new TestBookClient();
      const reading = (async () => {
        for await (const { data } of books) if (data) client.read(data.orderBookChanged);
      })();
      const quotes = desk.subscribe<{ quoteChanged: QuoteFrame }>(QUOTES);
      let last = 0;
      for await (const { data } of quotes) {
        const frame = data?.quoteChanged;
        if (frame?.__typename === 'StreamHeartbeat') continue;
        expect(frame?.__typename).toBe('QuoteUpdate');
        if (last > 0) expect(Number(frame?.previousSequence)).toBe(last);
        last = Number(frame?.sequence);
        if (last === BTC_QUOTES) break;
      }
      expect(last).toBe(BTC_QUOTES);
      const { data } = await desk.query<{ instrument: { orderBook: { sequence: string } } }>(
        '{ instrument(symbol: "BTC-USDT") { orderBook(depth: 1) { sequence } } }',
      );
      // Of the last changes some may lie behind the subscriber's depth.
      await until(() => Number(data.instrument.orderBook.sequence) - Number(client.sequence) < 50);
      expect(client.gaps).toBe(0);
      expect(client.updates).toBeGreaterThan(3000);
      await books.return?.();
      await reading;
      await until(() => desk.server.openStreams() === 0);
    },
    IN_TIME_MS,
  );

  it('leaves its candles and trades in the store, and its last prices to trade on', async () => {
    const { data } = await desk.query<{ instrument: Record<string, { edges: unknown[] }> }>(
      /* GraphQL */ `
        {
          instrument(symbol: "BTC-USDT") {
            markPrice
            quote {
              stale
            }
            candles(interval: ONE_MINUTE, from: "2024-08-08T23:54:00Z") {
              edges {
                node {
                  openTime
                }
              }
            }
          }
        }
      `,
    );
    expect(data.instrument['quote']).toEqual({ stale: false });
    expect(data.instrument['markPrice']).not.toBeNull();
    expect(data.instrument['candles']?.edges).toHaveLength(12);
  });
});

const QUOTES = /* GraphQL */ `
  subscription {
    quoteChanged(symbols: ["BTC-USDT"], delivery: { mode: ALL }) {
      __typename
      ... on QuoteUpdate {
        sequence
        previousSequence
        quote {
          bidPrice
          bidQuantity
          askPrice
          askQuantity
        }
      }
    }
  }
`;
const BOOK = /* GraphQL */ `
  subscription {
    orderBookChanged(symbol: "BTC-USDT", depth: 10) {
      __typename
      ... on OrderBookSnapshot {
        sequence
        book {
          checksum
          bids {
            price
            quantity
          }
          asks {
            price
            quantity
          }
        }
      }
      ... on OrderBookUpdate {
        sequence
        previousSequence
        checksum
        bids {
          price
          quantity
        }
        asks {
          price
          quantity
        }
      }
    }
  }
`;
