// An asset whose deposits or withdrawals the operator has suspended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '#shared/identity/viewer.ts';
import { railTrail, setRail } from '../../prisma/account/set-rail.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const RESULT = '... on TransferApplied { replayed } ... on TransferRefused { reason free }';
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) { ${RESULT} } }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { ${RESULT} } }`;
const TRANSFER = `mutation ($input: TransferInput!) { transfer(input: $input) { ${RESULT} } }`;
const SHOWN = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Asset {
  code depositsSuspension { reason since } withdrawalsSuspension { reason since }
} } }`;

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };

let server: TestServer;
let trader: Awaited<ReturnType<TestServer['aTrader']>>;
beforeAll(async () => {
  server = await startTestServer();
  trader = await server.aTrader({ USDT: '100', BTC: '1' }, { moreAccounts: 1 });
});
afterAll(() => server.stop());

const ask = (query: string, transferId: string, asset = 'USDT') =>
  server.ask(viewerOf(trader), query, {
    ...{ transferId, accountId: trader.accountId },
    ...{ asset, amount: '1' },
  });
const set = (rail: 'DEPOSITS' | 'WITHDRAWALS', reason: string | null, asset = 'USDT') =>
  setRail(server.databaseUrl, { asset, rail, reason, operator: 'olga' });
const look = (viewer: Viewer, ...codes: readonly string[]) =>
  server.subgraph.request<{ _entities: readonly unknown[] }>(viewer, SHOWN, {
    of: codes.map((code) => ({ __typename: 'Asset', code })),
  });
const shown = async (...codes: readonly string[]) =>
  (await look(viewerOf(trader), ...codes)).data._entities;
const NONE = { depositsSuspension: null, withdrawalsSuspension: null };

describe('a suspended rail', () => {
  it.each([
    ['DEPOSITS', DEPOSIT, WITHDRAW],
    ['WITHDRAWALS', WITHDRAW, DEPOSIT],
  ] as const)('refuses %s of its asset alone, and uses no id up', async (rail, stopped, other) => {
    const ids = { before: `${rail}-1`, during: `${rail}-2` };
    expect(await ask(stopped, ids.before)).toEqual({ replayed: false });
    await set(rail, 'The network is congested');
    expect(await ask(stopped, ids.during)).toEqual({ reason: `${rail}_SUSPENDED`, free: null });
    expect(await ask(stopped, ids.before)).toEqual({ replayed: true });
    expect(await ask(stopped, `${rail}-3`, 'BTC')).toEqual({ replayed: false });
    expect(await ask(other, `${rail}-4`)).toEqual({ replayed: false });
    await set(rail, null);
    expect(await ask(stopped, ids.during)).toEqual({ replayed: false });
  });

  it('leaves transfers between accounts alone', async () => {
    for (const rail of ['DEPOSITS', 'WITHDRAWALS'] as const) await set(rail, 'Maintenance');
    const viewer = await server.viewerWithAllAccounts(trader);
    const [from, to] = viewer.accounts.map(({ accountId }) => accountId);
    const input = { transferId: 'between', asset: 'USDT', amount: '1' };
    const moved = { ...input, fromAccountId: from, toAccountId: to };
    expect(await server.ask(viewer, TRANSFER, moved)).toEqual({ replayed: false });
    for (const rail of ['DEPOSITS', 'WITHDRAWALS'] as const) await set(rail, null);
  });

  it('is shown to clients, with its last reason and its first time', async () => {
    expect(await shown('USDT', 'nothing')).toEqual([
      { code: 'USDT', ...NONE },
      { code: 'nothing', ...NONE },
    ]);
    await set('DEPOSITS', 'Congested');
    const [first] = (await shown('USDT')) as [{ depositsSuspension: { since: string } }];
    const { since } = first.depositsSuspension;
    await set('DEPOSITS', 'Under repair');
    expect(await shown('BTC', 'USDT', 'USDT')).toEqual([
      { code: 'BTC', ...NONE },
      ...Array.from({ length: 2 }, () => ({
        ...{ code: 'USDT', ...NONE },
        depositsSuspension: { reason: 'Under repair', since },
      })),
    ]);
    const { errors } = await look(NOBODY, 'USDT');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    await set('DEPOSITS', null);
    expect(await shown('USDT')).toEqual([{ code: 'USDT', ...NONE }]);
  });

  it('is set by a command that says what it did, and what it cannot do', async () => {
    expect(await set('WITHDRAWALS', 'Repairs')).toBe('Withdrawals of USDT are suspended: Repairs');
    expect(await set('WITHDRAWALS', null)).toBe('Withdrawals of USDT are resumed.');
    expect(await set('WITHDRAWALS', null)).toBe('Withdrawals of USDT are not suspended.');
    await expect(set('DEPOSITS', 'x', 'NOPE')).rejects.toThrow('There is no asset "NOPE".');
    await expect(set('DEPOSITS', ' ')).rejects.toThrow('A reason must have 1 to 200 characters');
  });

  it('leaves a record of each change, by whom and when, which nobody can change', async () => {
    const asset = 'SOL';
    const by = (operator: string, reason: string | null) =>
      setRail(server.databaseUrl, { asset, rail: 'WITHDRAWALS', reason, operator });
    expect(await railTrail(server.databaseUrl, asset)).toBe('Nothing was ever suspended.');
    await by('olga', 'Congested');
    await Promise.all(['peter', 'quentin'].map((operator) => by(operator, 'Congested')));
    await by('peter', 'Under repair');
    await by('quentin', null);
    await by('olga', null);
    await expect(by('', null)).rejects.toThrow('The name of an operator must have 1 to 64');
    const trail = await railTrail(server.databaseUrl, asset);
    const time = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) /gm;
    expect(trail.replaceAll(time, '')).toBe(
      [
        'Withdrawals of SOL resumed by quentin',
        'Withdrawals of SOL suspended by peter: Under repair',
        'Withdrawals of SOL suspended by olga: Congested',
      ].join('\n'),
    );
    expect(trail.match(time)).toHaveLength(3);
    expect(await railTrail(server.databaseUrl, null)).toContain(trail);
    await expect(railTrail(server.databaseUrl, 'NOPE')).rejects.toThrow('There is no asset "NOPE"');
    await expect(server.sql('DELETE FROM rail_changes')).rejects.toThrow();
  });
});
