// What a market-data process leaves behind, and what the next one makes of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSeededDatabase,
  QUIET_SIM,
  startTestServer,
  testOptions,
  until,
} from './test-server.ts';

const HISTORY = /* GraphQL */ `
  {
    instrument(symbol: "BTC-USDT") {
      trades(first: 250) {
        edges {
          node {
            sequence
            tradeId
            price
          }
        }
      }
      candles(interval: ONE_DAY) {
        edges {
          node {
            openTime
            tradeCount
            volume
            closed
          }
        }
      }
    }
  }
`;
interface History {
  readonly instrument: {
    readonly trades: { readonly edges: readonly { readonly node: { sequence: string } }[] };
    readonly candles: { readonly edges: readonly { readonly node: { tradeCount: number } }[] };
  };
}

describe('a market-data process', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  beforeAll(async () => {
    database = await createSeededDatabase();
  });
  afterAll(() => database.drop());

  it('finds its history again after a restart, and goes on with it', async () => {
    const first = await startTestServer(
      testOptions(database.url, { ...QUIET_SIM, start: 'immediately', speed: 10 }),
    );
    const read = async (desk: typeof first) => (await desk.query<History>(HISTORY)).data.instrument;
    await until(async () => (await read(first)).trades.edges.length > 20);
    await first.stop();

    const second = await startTestServer(testOptions(database.url, QUIET_SIM));
    const before = await read(second);
    const count = before.trades.edges.length;
    expect(count).toBeGreaterThan(20);
    expect(before.trades.edges.map(({ node }) => Number(node.sequence))).toEqual(
      Array.from({ length: count }, (_, index) => count - index),
    );
    // One day's, but for a test that runs at midnight.
    const counts = before.candles.edges.map(({ node }) => node.tradeCount);
    expect(counts.reduce((sum, ofDay) => sum + ofDay, 0)).toBe(count);

    const stream = second.subscribe<{ tradeOccurred: { sequence: string } }>(
      'subscription { tradeOccurred(symbol: "BTC-USDT") { ... on TradeUpdate { sequence previousSequence } } }',
    );
    await stream.next();
    const next = await stream.next();
    expect(next.value?.data?.tradeOccurred).toEqual({
      sequence: String(count + 1),
      previousSequence: String(count),
    });
    await stream.return?.();
    await second.stop();
  });

  it('does not start with a feed that is not there, and says which', async () => {
    const feed = { ...QUIET_SIM, source: 'replay:/there/is/no/such/folder' };
    await expect(startTestServer(testOptions(database.url, feed))).rejects.toThrow(
      'The recordings folder /there/is/no/such/folder could not be read.',
    );
  });

  it('does not start without its database, and says so in one line', async () => {
    const options = testOptions('postgresql://nobody@127.0.0.1:1/nowhere', QUIET_SIM);
    await expect(startTestServer(options)).rejects.toThrow(/^The market-data database .*\?$/);
  });
});
