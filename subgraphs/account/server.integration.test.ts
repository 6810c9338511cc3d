import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeededTrader } from '../../prisma/account/test-seed-trader.ts';
import { GATEWAY, ORDER, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) {
  __typename
  ... on TransferApplied { transferId replayed appliedAt }
  ... on TransferRefused { reason free }
  ... on TransferIdConflict { differingFields }
  ... on AccountNotFound { accountId }
} }`;
const WITHDRAW = DEPOSIT.replace('DepositInput', 'WithdrawInput').replace('deposit(', 'withdraw(');
const BALANCES = `query ($id: ID!) { account(id: $id) {
  name kind tradingState role
  balances { asset { code } total locked free sequence }
} }`;
const FUNDS = `mutation ($commands: [FundsCommandInput!]!) {
  applyFunds(commands: $commands) { id kind replayed free }
}`;

let server: TestServer;
let trader: SeededTrader;
beforeAll(async () => {
  server = await startTestServer();
  trader = await server.aTrader({ USDT: '1000', BTC: '0.5' });
});
afterAll(() => server.stop());

const asTrader = <Data>(query: string, variables = {}) =>
  server.subgraph.request<Data>(viewerOf(trader), query, variables);

describe('account server', () => {
  it('shows an account with its balances at the scales of their assets', async () => {
    const { data } = await asTrader(BALANCES, { id: trader.accountId });
    expect(data).toEqual({
      account: {
        name: expect.stringMatching(/^trader-/) as string,
        kind: 'CLIENT',
        tradingState: 'ACTIVE',
        role: 'OWNER',
        balances: [
          {
            asset: { code: 'BTC' },
            total: '0.50000000',
            locked: '0.00000000',
            free: '0.50000000',
            sequence: '2',
          },
          {
            asset: { code: 'USDT' },
            total: '1000.00000000',
            locked: '0.00000000',
            free: '1000.00000000',
            sequence: '1',
          },
        ],
      },
    });
  });

  it("answers null for someone else's account and for none, by query and by reference", async () => {
    const ids = ['demo', 'house', 'nothing', '%'];
    for (const id of ids)
      expect((await asTrader(BALANCES, { id })).data).toEqual({ account: null });
    const { data } = await asTrader(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { id name } } }`,
      { r: [...ids, trader.accountId].map((id) => ({ __typename: 'Account', id })) },
    );
    expect(data).toEqual({
      _entities: [null, null, null, null, { id: trader.accountId, name: expect.anything() }],
    });
  });

  it('pages through the ledger, newest first, without a skip or a repeat', async () => {
    const own = await server.aTrader();
    for (const [n, amount] of ['1', '2', '3', '4', '5'].entries())
      await server.subgraph.request(viewerOf(own), DEPOSIT, {
        input: { transferId: `d${n}`, accountId: own.accountId, asset: 'USDT', amount },
      });
    const page = `query ($id: ID!, $after: String, $asset: ID) { account(id: $id) {
      ledgerEntries(first: 2, after: $after, asset: $asset) {
        edges { node { sequence type change balanceAfter transferId asset { code } } }
        pageInfo { hasNextPage endCursor }
      } } }`;
    type Page = {
      account: {
        ledgerEntries: {
          edges: { node: { sequence: string; transferId: string; balanceAfter: string } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        };
      };
    };
    const seen: string[] = [];
    let after: string | null = null;
    let cursor: string | null = null;
    do {
      const variables: object = { id: own.accountId, after };
      const { data } = await server.subgraph.request<Page>(viewerOf(own), page, variables);
      const { edges, pageInfo } = data.account.ledgerEntries;
      seen.push(
        ...edges.map(({ node }) => `${node.sequence} ${node.transferId} ${node.balanceAfter}`),
      );
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      cursor = pageInfo.endCursor;
    } while (after !== null);
    expect(seen).toEqual([
      '5 d4 15.00000000',
      '4 d3 10.00000000',
      '3 d2 6.00000000',
      '2 d1 3.00000000',
      '1 d0 1.00000000',
    ]);
    const times = `query ($id: ID!, $from: DateTime, $to: DateTime) { account(id: $id) {
      ledgerEntries(from: $from, to: $to) { edges { node { transferId createdAt } } } } }`;
    const within = async (period: object) => {
      const variables = { id: own.accountId, ...period };
      type Timed = { node: { transferId: string; createdAt: string } };
      const { data } = await server.subgraph.request<{
        account: { ledgerEntries: { edges: Timed[] } };
      }>(viewerOf(own), times, variables);
      return data.account.ledgerEntries.edges.map(({ node }) => node);
    };
    const all = await within({});
    for (const from of [undefined, ...all.map(({ createdAt }) => createdAt)])
      for (const to of [undefined, ...all.map(({ createdAt }) => createdAt)]) {
        if (from !== undefined && to !== undefined && from >= to) continue;
        const isWithin = ({ createdAt: at }: { createdAt: string }) =>
          (from === undefined || at >= from) && (to === undefined || at < to);
        expect(await within({ from, to })).toEqual(all.filter(isWithin));
      }
    // A cursor belongs to its list, and one without trades is another list.
    const other = page.replace('asset: $asset', 'asset: $asset, omitTrades: true');
    const variables = { id: own.accountId, after: cursor };
    const { errors } = await server.subgraph.request(viewerOf(own), other, variables);
    expect(errors?.[0]?.message).toContain('is not a cursor of this list');
    const none = { id: own.accountId, asset: 'BTC' };
    const { data } = await server.subgraph.request<Page>(viewerOf(own), page, none);
    expect(data.account.ledgerEntries.edges).toEqual([]);
  });

  it('moves money once for each id, and gives every refusal its own answer', async () => {
    const { accountId } = trader;
    const good = { transferId: 'move-1', accountId, asset: 'USDT', amount: '5' };
    const first = await asTrader(DEPOSIT, { input: good });
    expect(first.data).toMatchObject({
      deposit: { __typename: 'TransferApplied', transferId: 'move-1', replayed: false },
    });
    const again = await asTrader(DEPOSIT, { input: { ...good, amount: '5.00' } });
    expect(again.data).toMatchObject({ deposit: { replayed: true } });

    const answers = [
      [DEPOSIT, { ...good, amount: '6' }, { differingFields: ['amount'] }],
      [DEPOSIT, { ...good, transferId: 'ä' }, { reason: 'INVALID_TRANSFER_ID' }],
      [DEPOSIT, { ...good, transferId: 'm2', asset: 'XYZ' }, { reason: 'ASSET_NOT_FOUND' }],
      [DEPOSIT, { ...good, transferId: 'm3', asset: '%' }, { reason: 'ASSET_NOT_FOUND' }],
      [DEPOSIT, { ...good, transferId: 'm4', amount: '0' }, { reason: 'INVALID_AMOUNT' }],
      [DEPOSIT, { ...good, accountId: 'demo' }, { accountId: 'demo' }],
      [DEPOSIT, { ...good, accountId: 'nothing' }, { accountId: 'nothing' }],
      [
        WITHDRAW,
        { ...good, transferId: 'm5', amount: '9999' },
        { reason: 'INSUFFICIENT_FUNDS', free: '1005' },
      ],
    ] as const;
    for (const [query, input, expected] of answers) {
      const { data } = await asTrader<Record<string, object>>(query, { input });
      expect(Object.values(data)[0]).toMatchObject(expected);
    }
  });

  it('refuses a malformed amount before anything is done', async () => {
    for (const amount of ['-1', '1e3', '1,0', ' 1', '', 1]) {
      const input = { transferId: 'bad', accountId: trader.accountId, asset: 'USDT', amount };
      const { errors } = await asTrader(DEPOSIT, { input });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('lets a viewer of an account read it, and no more', async () => {
    const viewer = {
      ...viewerOf(trader),
      accounts: [{ accountId: trader.accountId, role: 'VIEWER' as const }],
    };
    const { data } = await server.subgraph.request(viewer, BALANCES, { id: trader.accountId });
    expect(data).toMatchObject({ account: { role: 'VIEWER' } });
    const input = { transferId: 'v1', accountId: trader.accountId, asset: 'USDT', amount: '1' };
    const refused = await server.subgraph.request(viewer, DEPOSIT, { input });
    expect(refused.data).toMatchObject({ deposit: { __typename: 'AccountNotFound' } });
  });
});

describe('rights', () => {
  let asked = 0;
  const ask = (query: string, scopes: Parameters<typeof viewerOf>[1]) =>
    server.subgraph.request(viewerOf(trader, scopes), query, {
      id: trader.accountId,
      input: {
        transferId: `r${(asked += 1)}`,
        accountId: trader.accountId,
        asset: 'USDT',
        amount: '1',
      },
      commands: [],
    });

  it.each([
    [BALANCES, 'account:read'],
    [DEPOSIT, 'transfer:write'],
    [WITHDRAW, 'withdraw:write'],
  ] as const)('are asked for by scope: %#', async (query, needed) => {
    const others = ['market:read', 'trade:write', 'keys:write'] as const;
    const { errors } = await ask(query, others);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', needed });
    expect((await ask(query, [needed, 'account:read'])).errors).toBeUndefined();
  });

  it('let a key that reads orders alone know its accounts, and nothing in them', async () => {
    const open = await ask('{ viewer { id scopes accounts { id } } }', ['trade:read']);
    expect(open.data).toEqual({
      viewer: { id: trader.userId, scopes: ['TRADE_READ'], accounts: [{ id: trader.accountId }] },
    });
    const closed = await ask('{ viewer { accounts { name } } }', ['trade:read']);
    expect(closed.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('keep the internal fields to the services they are for', async () => {
    const authenticate = '{ authenticate(credential: { apiKey: "x" }) { reason } }';
    const { request } = server.subgraph;
    for (const [viewer, query] of [
      [viewerOf(trader), authenticate],
      [ORDER, authenticate],
      [viewerOf(trader), FUNDS],
      [GATEWAY, FUNDS],
    ] as const) {
      const { errors } = await request.call(server.subgraph, viewer, query, { commands: [] });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});

describe('applyFunds', () => {
  const run = (...commands: object[]) =>
    server.subgraph.request<{ applyFunds: object[] | null }>(ORDER, FUNDS, { commands });

  it('places, settles and releases in one call, once', async () => {
    const buyer = await server.aTrader({ USDT: '1000' });
    const { accountId } = buyer;
    const ids = { holdId: 'o1', accountId, orderId: 'o1' };
    const commands = [
      { placeHold: { ...ids, asset: 'USDT', amount: '200' } },
      {
        settleTrade: {
          tradeId: 'tr1',
          base: 'BTC',
          quote: 'USDT',
          quantity: '0.001',
          cost: '60',
          buyer: {
            accountId,
            orderId: 'o1',
            fillId: 'f1',
            holdId: 'o1',
            fee: '0.06',
            release: '5',
          },
          seller: { fillId: 'f2', fee: '0', release: '0' },
        },
      },
      { releaseHold: ids },
      { placeHold: { ...ids, holdId: 'o2', asset: 'USDT', amount: '940' } },
      { placeHold: { ...ids, holdId: 'o3', accountId: 'nothing', asset: 'USDT', amount: '1' } },
    ];
    const expected = [
      { id: 'o1', kind: 'APPLIED', replayed: false, free: null },
      { id: 'tr1', kind: 'APPLIED', replayed: false, free: null },
      { id: 'o1', kind: 'APPLIED', replayed: false, free: null },
      { id: 'o2', kind: 'INSUFFICIENT_FUNDS', replayed: false, free: '939.94' },
      { id: 'o3', kind: 'ACCOUNT_UNAVAILABLE', replayed: false, free: null },
    ];
    expect((await run(...commands)).data.applyFunds).toEqual(expected);
    // A hold that was refused is asked for again.
    expect((await run(...commands)).data.applyFunds).toEqual(
      expected.map((outcome) => ({ ...outcome, replayed: outcome.kind === 'APPLIED' })),
    );
  });

  it('fails loudly for a command that cannot be, and does none of its call', async () => {
    const { accountId } = await server.aTrader({ USDT: '10' });
    const hold = { holdId: 'o9', accountId, orderId: 'o9' };
    const { errors } = await run(
      { placeHold: { ...hold, asset: 'USDT', amount: '1' } },
      { placeHold: { ...hold, asset: 'USDT', amount: '2' } },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const after = await run({ placeHold: { ...hold, asset: 'USDT', amount: '2' } });
    expect(after.data.applyFunds).toMatchObject([{ kind: 'APPLIED', replayed: false }]);
    for (const bad of [{}, { releaseHold: hold, placeHold: { ...hold, asset: 'x', amount: '1' } }])
      expect((await run(bad)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
