import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import { traderViewer, type TestTrader } from './test-trader.ts';

const PARTS = /* GraphQL */ `
  fragment Parts on TradingStatementResult {
    __typename
    ... on TradingStatement {
      fillCount
      instruments {
        symbol
        instrument {
          symbol
        }
        fillCount
        boughtQuantity
        soldQuantity
        boughtNotional
        soldNotional
        volume
        makerVolume
        fees
      }
    }
    ... on StatementTooLong {
      limit
      message
    }
  }
`;
const STATEMENT = /* GraphQL */ `
  query ($r: [_Any!]!, $from: DateTime, $to: DateTime) {
    _entities(representations: $r) {
      ... on Account {
        tradingStatement(from: $from, to: $to) {
          ...Parts
        }
        fills(from: $from, to: $to, first: 250) {
          edges {
            node {
              symbol
              side
              quantity
              quoteQuantity
              fee
              liquiditySide
              executedAt
            }
          }
        }
      }
    }
  }
  ${PARTS}
`;
const TWICE = /* GraphQL */ `
  query ($r: [_Any!]!, $from: DateTime) {
    _entities(representations: $r) {
      ... on Account {
        a: tradingStatement(from: $from) {
          ...Parts
        }
        b: tradingStatement(from: $from) {
          ...Parts
        }
      }
    }
  }
  ${PARTS}
`;

const FEES = /* GraphQL */ `
  query ($r: [_Any!]!) {
    _entities(representations: $r) {
      ... on Account {
        positions {
          symbol
          fees
        }
      }
    }
  }
`;
/** Adds the fees to positions that were stored without them. */
const POSITION_FEES = new URL(
  '../../prisma/order/migrations/20261127105500_position_fees/migration.sql',
  import.meta.url,
);

type InstrumentView = Readonly<Record<string, string>> & { readonly fillCount: number };
interface StatementView {
  readonly __typename: string;
  readonly fillCount: number;
  readonly instruments: readonly InstrumentView[];
}
interface FillView {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly quoteQuantity: string;
  readonly fee: string;
  readonly liquiditySide: string;
  readonly executedAt: string;
}

/** A sum of decimals, exactly, at a scale. */
function sum(texts: readonly string[], scale: number): string {
  const units = texts.reduce((all, text) => {
    const [whole = '', part = ''] = text.split('.');
    return all + BigInt(whole + part.padEnd(scale, '0'));
  }, 0n);
  const digits = `${units}`.padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

describe('Account.tradingStatement', () => {
  let desk: TestDesk;
  let maker: TestTrader;
  let taker: TestTrader;
  beforeAll(async () => {
    desk = await startTestDesk();
    maker = await desk.aTrader({ BTC: '2', ETH: '5', USDT: '1000000' });
    taker = await desk.aTrader({ BTC: '2', ETH: '5', USDT: '1000000' });
    for (const [symbol, side, quantity, price] of [
      ['BTC-USDT', 'SELL', '0.00301', '55003.37'],
      ['BTC-USDT', 'SELL', '0.00101', '55003.39'],
      ['ETH-USDT', 'BUY', '0.0301', '2803.33'],
      ['BTC-USDT', 'BUY', '0.00211', '54003.33'],
    ] as const) {
      await maker.place(maker.limit(side, quantity, price, { symbol }));
      const other = side === 'BUY' ? 'SELL' : 'BUY';
      const order = taker.limit(other, quantity, price, { symbol, timeInForce: 'IOC' });
      expect((await taker.place(order)).order.status).toBe('FILLED');
    }
  });
  afterAll(() => desk.stop());

  const ask = async (trader: TestTrader, period: object = {}, viewer = trader.viewer) => {
    const r = [{ __typename: 'Account', id: trader.accountId }];
    const { data, errors } = await desk.query<{
      _entities: readonly ({
        tradingStatement: StatementView | null;
        fills: { edges: readonly { node: FillView }[] };
      } | null)[];
    }>(STATEMENT, { r, ...period }, viewer);
    const [account] = data._entities;
    return {
      statement: account?.tradingStatement ?? null,
      fills: account?.fills.edges.map(({ node }) => node) ?? [],
      errors,
    };
  };

  /** What a statement has to say of fills in one instrument. */
  const added = (symbol: string, fills: readonly FillView[]) => {
    const scale = symbol === 'BTC-USDT' ? 5 : 4;
    const of = (side: string) => fills.filter((fill) => fill.side === side);
    const units = (some: readonly FillView[]) => some.map(({ quantity }) => quantity);
    const quoted = (some: readonly FillView[]) =>
      sum(
        some.map(({ quoteQuantity }) => quoteQuantity),
        8,
      );
    return {
      ...{ symbol, instrument: { symbol }, fillCount: fills.length },
      boughtQuantity: sum(units(of('BUY')), scale),
      soldQuantity: sum(units(of('SELL')), scale),
      ...{ boughtNotional: quoted(of('BUY')), soldNotional: quoted(of('SELL')) },
      volume: quoted(fills),
      makerVolume: quoted(fills.filter(({ liquiditySide }) => liquiditySide === 'MAKER')),
      fees: sum(
        fills.map(({ fee }) => fee),
        8,
      ),
    };
  };

  it('is what the fills of any period come to, to the last digit', async () => {
    for (const trader of [maker, taker]) {
      const times = (await ask(trader)).fills.map(({ executedAt }) => executedAt);
      expect(times).toHaveLength(4);
      const ends = [null, '0001-01-01T00:00:00Z', ...times, '9999-12-31T23:59:59.999Z'];
      const periods = ends.flatMap((from) =>
        ends.filter((to) => from === null || to === null || from < to).map((to) => ({ from, to })),
      );
      for (const period of periods) {
        const { statement, fills } = await ask(trader, period);
        expect(statement?.fillCount).toBe(fills.length);
        const symbols = [...new Set(fills.map(({ symbol }) => symbol))].sort();
        expect(statement?.instruments).toEqual(
          symbols.map((symbol) =>
            added(
              symbol,
              fills.filter((fill) => fill.symbol === symbol),
            ),
          ),
        );
      }
    }
    const { statement } = await ask(maker);
    expect(statement?.instruments.map(({ makerVolume }) => makerVolume)).toEqual(
      statement?.instruments.map(({ volume }) => volume),
    );
    expect(statement?.instruments.map(({ fillCount }) => fillCount)).toEqual([3, 1]);
  });

  it('is empty if nothing was traded', async () => {
    const { statement } = await ask(maker, { to: '1900-01-01T00:00:00Z' });
    expect(statement).toEqual({ __typename: 'TradingStatement', fillCount: 0, instruments: [] });
  });

  it('is for who may see the trades: a viewer of the account too, nobody else, and not without the scope', async () => {
    const viewer = { ...maker.viewer, accounts: [{ accountId: maker.accountId, role: 'VIEWER' }] };
    expect((await ask(maker, {}, viewer as typeof maker.viewer)).statement?.fillCount).toBe(4);
    const foreign = await ask(maker, {}, taker.viewer);
    expect([foreign.statement, foreign.fills]).toEqual([null, []]);
    const { errors } = await ask(maker, {}, traderViewer([maker.accountId], ['account:read']));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of all time has the fees that positions show, also those of fills from before positions had them', async () => {
    const { sql } = desk.databases.order;
    const expectShown = async () => {
      for (const trader of [maker, taker]) {
        const { statement } = await ask(trader);
        const r = [{ __typename: 'Account', id: trader.accountId }];
        const { data } = await trader.query<{ _entities: object[] }>(FEES, { r });
        const positions = statement?.instruments.map(({ symbol, fees }) => ({ symbol, fees }));
        expect(data._entities).toEqual([{ positions }]);
        expect(positions?.every(({ fees }) => Number(fees) > 0)).toBe(true);
      }
    };
    await expectShown();
    await sql('ALTER TABLE positions DROP COLUMN fees');
    await sql(await readFile(POSITION_FEES, 'utf8'));
    await expectShown();
  });

  it('refuses a period that does not begin before it ends', async () => {
    const { errors } = await ask(maker, {
      from: '2026-01-02T00:00:00Z',
      to: '2026-01-01T00:00:00Z',
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('adds up 20,000 fills in all of a request, and says what is too long', async () => {
    const { sql } = desk.databases.order;
    const insert = (from: number, to: number) =>
      sql(
        `INSERT INTO fills (id, trade_id, order_id, account_id, symbol, side, price, quantity, quote_quantity, fee,
          fee_rate, liquidity_side, sequence, executed_at)
        SELECT 'x-' || n, 't-' || n, o.id, $1, 'BTC-USDT', 'BUY', 1, 1, 1, 0, 0, 'TAKER', 1000 + n, '2001-01-01'
        FROM generate_series(${from}, ${to}) n, (SELECT id FROM orders WHERE account_id = $1 LIMIT 1) o`,
        [taker.accountId],
      );
    const both = async (from: string) => {
      const r = [{ __typename: 'Account', id: taker.accountId }];
      const { data } = await taker.query<{
        _entities: readonly { a: StatementView; b: StatementView }[];
      }>(TWICE, { r, from });
      const [account] = data._entities;
      return [account?.a, account?.b].map((one) => one?.fillCount ?? one?.__typename);
    };
    const period = { to: '2002-01-01T00:00:00Z' };
    await insert(1, 20_000);
    expect((await ask(taker, period)).statement?.fillCount).toBe(20_000);
    expect(await both('2001-01-01T00:00:00Z')).toEqual(['StatementTooLong', 'StatementTooLong']);
    expect(await both('2002-01-01T00:00:00Z')).toEqual([4, 4]);
    await insert(20_001, 20_001);
    expect((await ask(taker, period)).statement).toEqual({
      __typename: 'StatementTooLong',
      limit: 20_000,
      message:
        'The trading statements of one request can sum up at most 20000 fills: ask for a shorter period, or for fewer statements.',
    });
    await sql(`DELETE FROM fills WHERE id LIKE 'x-1%'`);
    expect(await both('2000-01-01T00:00:00Z')).toEqual([8894, 8894]);
  });
});
