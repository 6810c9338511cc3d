import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsRead, statementOf } from '../../prisma/test-rows-read.ts';
import type { TimedTradeRange } from './domain/history.ts';
import { HistoryStore } from './store/history-store.ts';
import type { MarketDataClient } from './store/market-data-client.ts';
import { BTC_USDT } from './test-market.ts';
import { createSeededDatabase, QUIET_SIM, startTestServer, testOptions } from './test-server.ts';

const LIST = /* GraphQL */ `
  query ($symbol: ID!, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
    instrument(symbol: $symbol) {
      trades(from: $from, to: $to, first: $first, after: $after) {
        edges {
          node {
            sequence
            exchangeTime
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;
interface List {
  readonly instrument: {
    readonly trades: {
      readonly edges: readonly { readonly node: { sequence: string; exchangeTime: string } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

// More than memory keeps, one a second; each hundredth one was published late, by half a minute.
const HISTORY = 20_000;
const START_S = 1_000_000_000;
const at = (seconds: number) => new Date((START_S + seconds) * 1000).toISOString();

describe('the trades of a period', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let desk: Awaited<ReturnType<typeof startTestServer>>;
  beforeAll(async () => {
    database = await createSeededDatabase();
    await database.sql(`
      INSERT INTO trades (symbol, sequence, trade_id, price, quantity, exchange_time, received_time)
      SELECT 'BTC-USDT', n, 't-' || n, 100, 1,
        to_timestamp(${START_S} + n - CASE WHEN n % 100 = 0 THEN 30 ELSE 0 END), to_timestamp(${START_S} + n)
      FROM generate_series(1, ${HISTORY}) n`);
    await database.sql('ANALYZE trades');
    desk = await startTestServer(testOptions(database.url, QUIET_SIM));
  });
  afterAll(async () => {
    await desk.stop();
    await database.drop();
  });

  const list = async (variables: object) => {
    const { data } = await desk.query<List>(LIST, { symbol: 'BTC-USDT', ...variables });
    return data.instrument.trades;
  };
  const sequences = ({ edges }: List['instrument']['trades']) =>
    edges.map(({ node }) => Number(node.sequence));

  it.each([
    ['in memory', 19_000],
    ['in the store', 500],
    ['at the border of both', HISTORY - 1005],
  ])('are all that the venue’s clock has in it, %s', async (_, second) => {
    const hundred = Math.ceil((second + 31) / 100) * 100;
    const all = await list({ from: at(second), to: at(second + 100), first: 250 });
    const expected = Array.from({ length: 100 }, (__, index) => second + 99 - index)
      .filter((sequence) => sequence % 100 !== 0)
      .toSpliced(second + 99 - (hundred - 30), 0, hundred);
    expect(sequences(all).toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    const times = all.edges.map(({ node }) => node.exchangeTime);
    expect(times).toEqual(times.toSorted().reverse());
    expect(new Set(sequences(all)).size).toBe(100);
  });

  it('come page by page, without a gap or a double', async () => {
    const period = { from: at(18_970), to: at(19_040) };
    const all = sequences(await list({ ...period, first: 250 }));
    const pages: number[] = [];
    for (let after: string | null = null; ;) {
      const page: List['instrument']['trades'] = await list({ ...period, first: 7, after });
      pages.push(...sequences(page));
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(pages).toEqual(all);
    expect(all).toHaveLength(70);
  });

  it('go on after a cursor of the whole list, or of another period', async () => {
    const { endCursor: after } = (await list({ first: 10 })).pageInfo;
    const newest = sequences(await list({ first: 20 }));
    expect(sequences(await list({ first: 10, after }))).toEqual(newest.slice(10));
    expect(sequences(await list({ first: 2, after, from: at(0) }))).toEqual([19_990, 19_989]);
    const { endCursor } = (await list({ first: 1, from: at(300), to: at(351) })).pageInfo;
    expect(sequences(await list({ first: 2, after: endCursor, to: at(500) }))).toEqual([349, 348]);
    expect(sequences(await list({ first: 2, after: endCursor, from: at(400) }))).toEqual([]);
    expect(sequences(await list({ first: 2, after: endCursor }))).toEqual([349, 348]);
  });

  it.each([
    [{ to: '1900-01-01T00:00:00Z' }, []],
    [{ from: '9999-12-31T23:59:59.999Z' }, []],
    [{ from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z', first: 1 }, [19_999]],
    [{ symbol: 'ETH-USDT', from: '0001-01-01T00:00:00Z' }, []],
  ])('of %j are right', async (variables, expected) => {
    expect(sequences(await list(variables))).toEqual(expected);
  });

  it.each<readonly [object, string]>([
    [{ from: at(5), to: at(5) }, '"from"'],
    [{ from: at(6), to: at(5) }, '"from"'],
    [{ from: at(5), first: 251 }, '"first"'],
    ...['7', '5.', '.5', '5.7.1', '-5.7', '999999999999999.1'].map(
      (text) =>
        [{ from: at(5), after: Buffer.from(text).toString('base64url') }, '"after"'] as const,
    ),
  ])('are refused for %j', async (variables, argument) => {
    const { errors } = await desk.query(LIST, { symbol: 'BTC-USDT', ...variables });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(argument);
  });

  it.each<[string, Partial<TimedTradeRange>, number]>([
    ['since a time', { period: { from: (START_S + 1000) * 1000, to: null } }, 51],
    ['before a time', { period: { from: null, to: (START_S + 100) * 1000 } }, 51],
    ['long ago', { period: { from: (START_S + 101) * 1000, to: (START_S + 111) * 1000 } }, 10],
    ['behind one', { after: { exchangeTimeMs: (START_S + 20) * 1000, sequence: 20 } }, 19],
  ])('cost their own rows %s', async (_, range, rows) => {
    const ever = { from: null, to: null };
    const statement = await statementOf((listening: MarketDataClient) =>
      new HistoryStore(listening).timedTrades([
        { symbol: BTC_USDT.symbol, period: ever, after: null, limit: 51, ...range },
      ]),
    );
    expect(await rowsRead(database, statement)).toBe(rows);
  });
});
