import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountRole } from '#shared/identity/viewer.ts';
import { whileLocked } from './test-locks.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

// A shared account: its traders bring money, and only its owners take it out.

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
let owner: Seeded;
let member: Seeded;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  owner = await server.aTrader({ USDT: '100' });
  member = await server.aTrader({ USDT: '100' });
});
afterAll(() => server.stop());

/** Makes the member one of the owner's account. @returns how they ask, with each kind of credential */
async function join(role: AccountRole) {
  await server.sql('INSERT INTO account_members (account_id, user_id, role) VALUES ($1, $2, $3)', [
    owner.accountId,
    member.userId,
    role,
  ]);
  const grant = { accountId: owner.accountId, role };
  const byKey = { ...viewerOf(member), accounts: [...viewerOf(member).accounts, grant] };
  return { bySession: signedIn(member, grant), byKey };
}

/** The movements of one USDT that concern the owner's account: what goes out of it, and what comes in. */
function movements() {
  const [shared, own] = [owner.accountId, member.accountId];
  return {
    out: [
      ['withdraw', 'WithdrawInput', { accountId: shared }],
      ['transfer', 'TransferInput', { fromAccountId: shared, toAccountId: own }],
    ],
    in: [
      ['deposit', 'DepositInput', { accountId: shared }],
      ['transfer', 'TransferInput', { fromAccountId: own, toAccountId: shared }],
    ],
  } as const;
}

async function send(
  viewer: ReturnType<typeof viewerOf>,
  [kind, type, ends]: ReturnType<typeof movements>['in' | 'out'][number],
): Promise<unknown> {
  const query = `mutation ($input: ${type}!) { ${kind}(input: $input) { __typename } }`;
  const transferId = `${kind}-${viewer.credential.kind}-${JSON.stringify(ends).length}`;
  const input = { transferId, asset: 'USDT', amount: '1', ...ends };
  const { data } = await server.subgraph.request<Record<string, { __typename: string }>>(
    viewer,
    query,
    { input },
  );
  return data[kind]?.__typename;
}

describe('a trader of a shared account', () => {
  it('takes no money out of it, by a session or a key, and brings some', async () => {
    const { bySession, byKey } = await join('TRADER');
    for (const viewer of [bySession, byKey]) {
      for (const movement of movements().out)
        expect(await send(viewer, movement)).toBe('AccountNotFound');
      for (const movement of movements().in)
        expect(await send(viewer, movement)).toBe('TransferApplied');
    }
    const rows = await server.sql<{ total: string }>(
      'SELECT total::float::text AS total FROM balances WHERE account_id = $1',
      [owner.accountId],
    );
    expect(rows).toEqual([{ total: '104' }]);
  });

  it('does not if they owned it until their code was used up, which waited', async () => {
    const { bySession } = await join('OWNER');
    const [code] = (await turnOnSecondFactor(server, bySession)).recoveryCodes;
    const held = {
      lock: 'SELECT user_id FROM recovery_codes WHERE user_id = $1 AND $2::text IS NOT NULL FOR UPDATE',
      change: 'DELETE FROM account_members WHERE user_id = $1 AND account_id = $2',
      parameters: [member.userId, owner.accountId],
    };
    const query = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { __typename } }`;
    const { accountId } = owner;
    const input = { transferId: 'late', accountId, asset: 'USDT', amount: '1', code };
    const answer = await whileLocked(server, held, () => server.ask(bySession, query, input));
    expect(answer).toEqual({ __typename: 'AccountNotFound' });
  });

  it('does if they own it, and a viewer does neither', async () => {
    const { bySession } = await join('OWNER');
    for (const movement of movements().out)
      expect(await send(bySession, movement)).toBe('TransferApplied');
    member = await server.aTrader({ USDT: '100' });
    const { byKey } = await join('VIEWER');
    for (const movement of [...movements().out, ...movements().in])
      expect(await send(byKey, movement)).toBe('AccountNotFound');
  });
});
