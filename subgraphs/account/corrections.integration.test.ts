import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, trusted } from '#shared/domain/ids.ts';
import { ORDER, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const DEPOSIT = `mutation ($input: DepositInput!) {
  deposit(input: $input) { ... on TransferApplied { appliedAt } }
}`;
const WITHDRAW = DEPOSIT.replace('DepositInput', 'WithdrawInput').replace('deposit(', 'withdraw(');
const FUNDS = `mutation ($commands: [FundsCommandInput!]!) { applyFunds(commands: $commands) { kind } }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('an entry that was wrong', () => {
  const CORRECT = `mutation ($input: CorrectLedgerEntryInput!) { correctLedgerEntry(input: $input) {
    __typename
    ... on TransferApplied { transferId replayed }
    ... on CorrectionRefused { reason free }
    ... on TransferIdConflict { differingFields }
  } }`;
  const ENTRIES = `query ($id: ID!) { account(id: $id) { ledgerEntries(first: 5) { edges { node {
    sequence type change balanceAfter transferId correction { transferId reason }
  } } } } }`;

  it('is put right by the desk alone, once, for a reason, and stays as it was', async () => {
    const client = await server.aTrader({ USDT: '50' });
    const operator = await server.aTrader({}, { isDesk: true });
    const desk = {
      ...viewerOf(operator),
      accounts: [{ accountId: trusted(parseAccountId, 'house'), role: 'OWNER' as const }],
    };
    const input = { transferId: 'fix-1', accountId: client.accountId, sequence: '1' };
    const whole = { ...input, reason: ' it was never paid in ' };
    const ask = async (viewer: Parameters<typeof server.subgraph.request>[0], asked: object) => {
      const { data } = await server.subgraph.request<{ correctLedgerEntry: object }>(
        viewer,
        CORRECT,
        { input: asked },
      );
      return data.correctLedgerEntry;
    };
    // A holder who has one is told as little as one who has none, and as someone taken off the desk.
    const former = { ...viewerOf(await server.aTrader()), accounts: desk.accounts };
    for (const viewer of [viewerOf(client), former])
      for (const sequence of ['1', '99'])
        expect(await ask(viewer, { ...whole, sequence })).toMatchObject({
          reason: 'NOT_THE_DESK',
        });
    const refusals = [
      [{ ...whole, transferId: 'ä' }, { reason: 'INVALID_TRANSFER_ID' }],
      [{ ...whole, reason: '  ' }, { reason: 'REASON_INVALID' }],
      [{ ...whole, reason: 'wrong\u0007' }, { reason: 'REASON_INVALID' }],
      [{ ...whole, sequence: '99' }, { reason: 'ENTRY_NOT_FOUND' }],
      [{ ...whole, sequence: '-1' }, { reason: 'ENTRY_NOT_FOUND' }],
      [{ ...whole, sequence: '9999999999999999999' }, { reason: 'ENTRY_NOT_FOUND' }],
      [{ ...whole, accountId: 'nothing' }, { reason: 'ENTRY_NOT_FOUND' }],
      [{ ...whole, transferId: 'fix-0', amount: '51' }, { reason: 'INVALID_AMOUNT' }],
    ] as const;
    for (const [asked, expected] of refusals)
      expect(await ask(desk, asked)).toMatchObject(expected);
    const answers = [await ask(desk, { ...whole, amount: '20' })];
    answers.push(await ask(desk, { ...whole, amount: '20' }));
    answers.push(await ask(desk, { ...whole, amount: '21' }));
    answers.push(await ask(desk, { ...whole, transferId: 'fix-2' }));
    expect(answers).toMatchObject([
      { __typename: 'TransferApplied', replayed: false },
      { __typename: 'TransferApplied', replayed: true },
      { differingFields: ['amount'] },
      { reason: 'ALREADY_CORRECTED' },
    ]);
    type Page = { account: { ledgerEntries: { edges: { node: { transferId: string } }[] } } };
    const { data } = await server.subgraph.request<Page>(viewerOf(client), ENTRIES, {
      id: client.accountId,
    });
    const nodes = data.account.ledgerEntries.edges.map(({ node }) => node);
    expect(nodes).toMatchObject([
      {
        ...{ sequence: '2', type: 'CORRECTION', change: '-20.00000000', transferId: 'fix-1' },
        balanceAfter: '30.00000000',
        correction: { transferId: nodes[1]?.transferId, reason: 'it was never paid in' },
      },
      { sequence: '1', type: 'DEPOSIT', change: '50.00000000', correction: null },
    ]);
    const trail = await server.subgraph.request(
      viewerOf(operator),
      '{ viewer { auditTrail(first: 1) { edges { node { action subjectId } } } } }',
    );
    const last = { action: 'CORRECTION_REQUESTED', subjectId: 'fix-2' };
    expect(trail.data).toEqual({ viewer: { auditTrail: { edges: [{ node: last }] } } });
  });
});

describe('balances of the past', () => {
  it('are what they were at the instant, with what was held then', async () => {
    const trader = await server.aTrader();
    const { accountId } = trader;
    const owner = viewerOf(trader);
    const AT = `query ($id: ID!, $at: DateTime, $omitZero: Boolean! = false) { account(id: $id) {
      balances(at: $at, omitZero: $omitZero) { asset { code } total locked free sequence }
    } }`;
    type Balances = { account: { balances: { total: string }[] } };
    const balances = async (variables = {}) =>
      (await server.subgraph.request<Balances>(owner, AT, { id: accountId, ...variables })).data
        .account.balances;
    /** So that all that happens has a millisecond of its own. */
    const untilNextMillisecond = () => {
      for (const before = Date.now(); Date.now() === before;);
    };
    const move = async (query: string, transferId: string, asset: string) => {
      untilNextMillisecond();
      const input = { transferId, accountId, asset, amount: '7' };
      const { data } = await server.subgraph.request<Record<string, { appliedAt: string }>>(
        owner,
        query,
        { input },
      );
      return Object.values(data)[0]?.appliedAt ?? '';
    };
    const first = await move(DEPOSIT, 'past-1', 'USDT');
    const second = await move(DEPOSIT, 'past-2', 'BTC');
    untilNextMillisecond();
    await server.subgraph.request(ORDER, FUNDS, {
      commands: [
        { placeHold: { holdId: 'p1', orderId: 'p1', accountId, asset: 'BTC', amount: '3' } },
      ],
    });
    const third = await move(WITHDRAW, 'past-3', 'USDT');
    const now = await balances();
    expect(now).toMatchObject([{ locked: '3.00000000' }, { total: '0.00000000' }]);
    expect(await balances({ at: third })).toEqual(now);
    expect(await balances({ at: third, omitZero: true })).toEqual(now.slice(0, 1));
    expect(await balances({ at: second })).toMatchObject([
      { asset: { code: 'BTC' }, total: '7.00000000', locked: '0.00000000', sequence: '2' },
      { asset: { code: 'USDT' }, total: '7.00000000', sequence: '1' },
    ]);
    expect(await balances({ at: first })).toHaveLength(1);
    expect(await balances({ at: '2020-01-01T00:00:00.000Z' })).toEqual([]);
  });
});

describe('an account that the desk has frozen', () => {
  const SET = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) {
    ... on AccountFreezeSet { tradingState freeze { reason } }
    ... on AccountFreezeRefused { reason }
  } }`;
  const MOVED = '... on TransferApplied { transferId } ... on TransferRefused { reason }';
  const house = { accountId: trusted(parseAccountId, 'house'), role: 'OWNER' as const };
  type Viewer = Parameters<typeof server.subgraph.request>[0];
  const ask = async (viewer: Viewer, query: string, input: object) =>
    Object.values((await server.subgraph.request<object>(viewer, query, { input })).data)[0] as {
      readonly reason?: string;
    };
  const move = (kind: string, type: string) =>
    `mutation ($input: ${type}!) { ${kind}(input: $input) { ${MOVED} } }`;
  const hold = async (accountId: string, id: string) => {
    const order = { accountId, orderId: id, asset: 'USDT', amount: '1' };
    const commands = [{ placeHold: { ...order, holdId: id } }];
    const { data } = await server.subgraph.request<{ applyFunds: readonly { kind: string }[] }>(
      ...([ORDER, FUNDS, { commands }] as const),
    );
    return data.applyFunds[0]?.kind;
  };

  it('has nothing held and sends nothing out, lets money in, and goes on when it is opened', async () => {
    const client = await server.aTrader({ USDT: '50' }, { moreAccounts: 1 });
    const operator = await server.aTrader({}, { isDesk: true });
    const desk = { ...viewerOf(operator), accounts: [house] };
    const { accountId } = client;
    const viewer = await server.viewerWithAllAccounts(client);
    const other = viewer.accounts.find((grant) => grant.accountId !== accountId)?.accountId ?? '';
    const input = { accountId, isFrozen: true, reason: ' taken over ' };
    for (const id of [accountId, 'acc-nobody'])
      expect(await ask(viewer, SET, { ...input, accountId: id })).toEqual({
        reason: 'NOT_THE_DESK',
      });
    // Someone of the desk before, whose request was on its way when they were taken off.
    const former = { ...viewerOf(await server.aTrader()), accounts: [house] };
    expect(await ask(former, SET, input)).toEqual({ reason: 'NOT_THE_DESK' });
    for (const [changes, reason] of [
      [{ reason: ' ' }, 'REASON_INVALID'],
      [{ reason: '\u200b' }, 'REASON_INVALID'],
      [{ accountId: 'acc-nobody' }, 'ACCOUNT_NOT_FOUND'],
      [{ accountId: 'house' }, 'NOT_A_CLIENT_ACCOUNT'],
    ] as const)
      expect(await ask(desk, SET, { ...input, ...changes })).toEqual({ reason });

    let turn = 0;
    const whatGoes = async () => {
      const movement = { transferId: `move-${(turn += 1)}`, asset: 'USDT', amount: '1' };
      const between = (fromAccountId: string, toAccountId: string) =>
        ask(viewer, move('transfer', 'TransferInput'), {
          ...{ ...movement, transferId: `${fromAccountId}-${turn}`, fromAccountId, toAccountId },
        });
      const one = (kind: string, type: string) =>
        ask(viewer, move(kind, type), { ...movement, transferId: `${kind}-${turn}`, accountId });
      const moved = [
        await one('deposit', 'DepositInput'),
        await one('withdraw', 'WithdrawInput'),
        await between(accountId, other),
        await between(other, accountId),
      ].map(({ reason = 'moved' }) => reason);
      return [...moved, await hold(accountId, `hold-${turn}`)];
    };
    const everything = ['moved', 'moved', 'moved', 'moved', 'APPLIED'];
    const frozen = ['ACCOUNT_FROZEN', 'ACCOUNT_FROZEN', 'ACCOUNT_FROZEN', 'ACCOUNT_UNAVAILABLE'];
    expect(await whatGoes()).toEqual(everything);
    expect(await ask(desk, SET, input)).toEqual({
      ...{ tradingState: 'HALTED', freeze: { reason: 'taken over' } },
    });
    expect(await whatGoes()).toEqual(['moved', ...frozen]);
    const shown = await server.subgraph.request(
      viewer,
      'query ($id: ID!) { account(id: $id) { tradingState freeze { reason } } }',
      { id: accountId },
    );
    expect(shown.data).toEqual({
      account: { tradingState: 'HALTED', freeze: { reason: 'taken over' } },
    });
    expect(await ask(desk, SET, { ...input, isFrozen: false })).toEqual({
      ...{ tradingState: 'ACTIVE', freeze: null },
    });
    expect(await whatGoes()).toEqual(everything);
    const trail = await server.subgraph.request(
      desk,
      '{ viewer { auditTrail(first: 2) { edges { node { action subjectId } } } } }',
    );
    expect(trail.data).toEqual({
      viewer: {
        auditTrail: {
          edges: [
            { node: { action: 'ACCOUNT_UNFROZEN', subjectId: accountId } },
            { node: { action: 'ACCOUNT_FROZEN', subjectId: accountId } },
          ],
        },
      },
    });
  });
});
