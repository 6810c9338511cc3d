import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSeededDatabase,
  QUIET_SIM,
  startTestServer,
  testOptions,
  until,
} from './test-server.ts';

// The streams over a socket, as the gateway reads them.
describe('the market-data server', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let desk: Awaited<ReturnType<typeof startTestServer>>;

  beforeAll(async () => {
    database = await createSeededDatabase();
    desk = await startTestServer(
      testOptions(database.url, { ...QUIET_SIM, start: 'immediately', speed: 4 }),
    );
    await until(async () => {
      const { data } = await desk.query<{ asset: { lastPrice: string | null } }>(
        '{ asset(code: "BTC") { lastPrice } }',
      );
      return data.asset.lastPrice !== null;
    });
  });
  afterAll(async () => {
    await desk.stop();
    await database.drop();
  });

  describe('streams', () => {
    it('of quotes begin with the present and chain without a hole', async () => {
      const stream = desk.subscribe<{ quoteChanged: QuoteFrame }>(/* GraphQL */ `
        subscription {
          quoteChanged(symbols: ["BTC-USDT"], delivery: { mode: ALL }) {
            ... on QuoteUpdate {
              sequence
              previousSequence
              conflated
              quote {
                sequence
                bidPrice
                instrument {
                  symbol
                }
              }
            }
          }
        }
      `);
      const frames: QuoteFrame[] = [];
      for await (const { data } of stream) {
        if (data) frames.push(data.quoteChanged);
        if (frames.length === 5) break;
      }
      for (const [index, frame] of frames.entries()) {
        expect(frame.conflated).toBe(0);
        expect(frame.quote.sequence).toBe(frame.sequence);
        expect(frame.quote.instrument.symbol).toBe('BTC-USDT');
        if (index > 0) expect(frame.previousSequence).toBe(frames[index - 1]?.sequence);
      }
    });

    it.each([
      ['orderBookChanged(symbol: "BTC-USDT", depth: 5)', 'OrderBookSnapshot'],
      ['orderBookChanged(symbol: "BTC-USDT", depth: 5, priceStep: "50")', 'OrderBookSnapshot'],
      ['consolidatedBookChanged(symbol: "BTC-USDT")', 'ConsolidatedBookUpdate'],
      ['tradeOccurred(symbol: "BTC-USDT")', 'TradeSnapshot'],
      ['candleChanged(symbol: "BTC-USDT", interval: ONE_MINUTE)', 'CandleUpdate'],
      ['tickerChanged(symbols: ["BTC-USDT"])', 'TickerUpdate'],
    ])('of %s begin with the present', async (field, first) => {
      const stream = desk.subscribe<Record<string, { __typename: string }>>(
        `subscription { ${field} { __typename } }`,
      );
      const frame = await stream.next();
      expect(Object.values(frame.value?.data ?? {})).toEqual([{ __typename: first }]);
      await stream.return?.();
    });

    it.each([
      ['quoteChanged(symbols: [])', '1 to 50'],
      ['quoteChanged(symbols: ["XXX-YYY"])', 'XXX-YYY'],
      [`quoteChanged(symbols: [${'"BTC-USDT",'.repeat(51)}])`, '1 to 50'],
      ['quoteChanged(symbols: ["BTC-USDT"], delivery: { maxPerSecond: 51 })', 'maxPerSecond'],
      ['orderBookChanged(symbol: "BTC-USDT", depth: 7)', 'depth'],
      ['orderBookChanged(symbol: "BTC-USDT", priceStep: "0.03")', 'priceStep'],
      ['consolidatedBookChanged(symbol: "XXX-YYY")', 'XXX-YYY'],
      ['consolidatedBookChanged(symbol: "BTC-USDT", depth: 2)', 'depth'],
      ['consolidatedBookChanged(symbol: "BTC-USDT", delivery: { mode: ALL })', 'delivery'],
      ['tradeOccurred(symbol: "XXX-YYY")', 'XXX-YYY'],
      ['candleChanged(symbol: "XXX-YYY", interval: ONE_DAY)', 'XXX-YYY'],
      ['tickerChanged(symbols: ["BTC-USDT", "XXX-YYY"])', 'XXX-YYY'],
    ])('refuse %s and say why', async (field, reason) => {
      const stream = desk.subscribe(`subscription { ${field} { __typename } }`);
      const refusal: unknown = await stream.next().then(
        ({ value }) => value?.errors,
        (errors: unknown) => errors,
      );
      expect(refusal).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(JSON.stringify(refusal)).toContain(reason);
    });

    it('are closed when their subscribers leave', async () => {
      await until(() => desk.server.openStreams() === 0);
    });
  });
});

interface QuoteFrame {
  readonly sequence: string;
  readonly previousSequence: string;
  readonly conflated: number;
  readonly quote: {
    readonly sequence: string;
    readonly instrument: { readonly symbol: string };
  };
}
