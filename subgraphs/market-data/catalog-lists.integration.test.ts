import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anonymous,
  createSeededDatabase,
  QUIET_SIM,
  startTestServer,
  testOptions,
} from './test-server.ts';

const INSTRUMENTS = /* GraphQL */ `
  query ($filter: InstrumentFilterInput, $first: Int, $after: String) {
    instruments(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          symbol
          status
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const ASSETS = /* GraphQL */ `
  query ($first: Int, $after: String) {
    assets(first: $first, after: $after) {
      edges {
        node {
          code
          name
          scale
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
interface Page<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('the lists of the catalog', () => {
  let database: Awaited<ReturnType<typeof createSeededDatabase>>;
  let desk: Awaited<ReturnType<typeof startTestServer>>;
  beforeAll(async () => {
    database = await createSeededDatabase();
    await database.sql(`UPDATE instruments SET status = 'CANCEL_ONLY' WHERE symbol = 'ETH-USDT'`);
    await database.sql(`UPDATE instruments SET status = 'CLOSED' WHERE symbol = 'BTC-EUR'`);
    desk = await startTestServer(testOptions(database.url, QUIET_SIM));
  });
  afterAll(async () => {
    await desk.stop();
    await database.drop();
  });

  const list = async (filter: object | null, page: object = {}) => {
    const { data } = await desk.query<{ instruments: Page<{ symbol: string }> }>(INSTRUMENTS, {
      filter,
      ...page,
    });
    return data.instruments;
  };
  const symbolsOf = ({ edges }: Page<{ symbol: string }>) => edges.map(({ node }) => node.symbol);
  const all = ['BTC-EUR', 'BTC-USDT', 'ETH-BTC', 'ETH-USDT', 'SOL-USDT'];

  it.each([
    [null, all],
    [{}, all],
    [{ base: null, quote: null, statuses: null }, all],
    [{ base: 'BTC' }, ['BTC-EUR', 'BTC-USDT']],
    [{ quote: 'BTC' }, ['ETH-BTC']],
    [{ quote: 'USDT' }, ['BTC-USDT', 'ETH-USDT', 'SOL-USDT']],
    [{ base: 'USDT' }, []],
    [{ base: 'ETH', quote: 'USDT' }, ['ETH-USDT']],
    [{ statuses: ['TRADING'] }, ['BTC-USDT', 'ETH-BTC', 'SOL-USDT']],
    [{ statuses: ['CANCEL_ONLY', 'CLOSED'] }, ['BTC-EUR', 'ETH-USDT']],
    [{ quote: 'USDT', statuses: ['TRADING', 'HALTED'] }, ['BTC-USDT', 'SOL-USDT']],
    [{ statuses: [] }, []],
    [{ symbols: ['SOL-USDT', 'BTC-EUR', 'SOL-USDT'] }, ['BTC-EUR', 'SOL-USDT']],
    [{ symbols: ['SOL-USDT', 'BTC-EUR'], quote: 'USDT' }, ['SOL-USDT']],
    [{ symbols: [] }, []],
    [{ symbols: null }, all],
  ])(
    'of instruments with the filter %j has what meets all conditions',
    async (filter, expected) => {
      expect(symbolsOf(await list(filter))).toEqual(expected);
    },
  );

  it('of instruments goes on after a cursor, also with another filter', async () => {
    const first = await list({ quote: 'USDT' }, { first: 2 });
    expect([symbolsOf(first), first.pageInfo.hasNextPage]).toEqual([
      ['BTC-USDT', 'ETH-USDT'],
      true,
    ]);
    const { endCursor: after } = first.pageInfo;
    const rest = await list({ quote: 'USDT' }, { first: 2, after });
    expect([symbolsOf(rest), rest.pageInfo.hasNextPage]).toEqual([['SOL-USDT'], false]);
    expect(symbolsOf(await list({ base: 'BTC' }, { after }))).toEqual([]);
  });

  it.each([{ base: 'NONE' }, { quote: 'btc' }, { base: 'BTC', quote: '' }, { base: 'a b' }])(
    'of instruments refuses %j, for there is no such asset',
    async (filter) => {
      const { errors } = await desk.query(INSTRUMENTS, { filter });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors?.[0]?.message).toContain('There is no asset');
    },
  );

  it.each([
    [['BTC-USDT', 'NO-SUCH'], 'There is no instrument NO-SUCH.'],
    [['btcusdt'], 'a symbol is BASE-QUOTE in capital letters'],
    [Array<string>(251).fill('BTC-USDT'), 'at most 250 instruments; it named 251'],
  ])('of instruments refuses the symbols %j', async (symbols, message) => {
    const { errors } = await desk.query(INSTRUMENTS, { filter: { symbols } });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(message);
  });

  it('of assets has all of them by code, page by page', async () => {
    type Asset = { readonly code: string; readonly name: string; readonly scale: number };
    const read = async (page: object) =>
      (await desk.query<{ assets: Page<Asset> }>(ASSETS, page)).data.assets;
    const whole = (await read({})).edges.map(({ node }) => node);
    const codes = whole.map(({ code }) => code);
    expect(codes).toEqual(['BTC', 'ETH', 'EUR', 'SOL', 'USDT']);
    expect(whole[0]).toEqual({ code: 'BTC', name: 'Bitcoin', scale: 8 });
    const first = await read({ first: 3 });
    const rest = await read({ first: 3, after: first.pageInfo.endCursor });
    expect([...first.edges, ...rest.edges].map(({ node }) => node)).toEqual(whole);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('of assets needs market:read, and refuses what is no page', async () => {
    const { errors } = await desk.query(ASSETS, {}, anonymous([]));
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    for (const page of [{ first: 0 }, { first: 251 }, { after: 'rubbish' }]) {
      const refused = await desk.query(ASSETS, page);
      expect(refused.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('the list of instruments', () => {
  it('has all of them, page by page, also on a database that sorts as a dictionary does', async () => {
    const database = await createSeededDatabase();
    await database.sql("CREATE COLLATION dictionary (provider = icu, locale = 'en-u-ka-shifted')");
    await database.sql('ALTER TABLE instruments ALTER COLUMN symbol TYPE text COLLATE dictionary');
    await database.sql("INSERT INTO assets VALUES ('A', 'A', 8), ('AAVE', 'AAVE', 8)");
    await database.sql(`
      INSERT INTO instruments SELECT added.* FROM instruments i
      CROSS JOIN unnest(ARRAY['A', 'AAVE']) AS code
      CROSS JOIN jsonb_populate_record(i, jsonb_build_object('symbol', code || '-USDT', 'base_code', code)) AS added
      WHERE i.symbol = 'BTC-USDT'`);
    const desk = await startTestServer(testOptions(database.url, QUIET_SIM));
    const page = async (after: string | null) => {
      const variables = { filter: { quote: 'USDT' }, first: 1, after };
      type Data = { readonly instruments: Page<{ readonly symbol: string }> };
      return (await desk.query<Data>(INSTRUMENTS, variables)).data.instruments;
    };
    const pages = [await page(null)];
    while (pages.at(-1)?.pageInfo.hasNextPage === true)
      pages.push(await page(pages.at(-1)?.pageInfo.endCursor ?? null));
    const symbols = pages.flatMap(({ edges }) => edges.map(({ node }) => node.symbol));
    expect(symbols).toEqual(['A-USDT', 'AAVE-USDT', 'BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
    await desk.stop();
    await database.drop();
  });
});
