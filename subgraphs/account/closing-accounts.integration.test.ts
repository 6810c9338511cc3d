import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trader } from '#shared/identity/viewer.ts';
import { AccountsServer, on } from './test-accounts.ts';
import { whileLocked } from './test-locks.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { ORDER, signedIn, type TestServer, viewerOf } from './test-server.ts';

// Who closes an account, when, and what is left of it then.

const CLOSE = `mutation ($input: CloseAccountInput!) { closeAccount(input: $input) {
  __typename
  ... on AccountClosed { closedAt replayed }
  ... on AccountNotEmpty { balances { asset { code } total locked } }
  ... on CloseAccountRefused { reason }
} }`;
const MOVED = `{ __typename ... on TransferApplied { replayed } ... on TransferRefused { reason } }`;
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) ${MOVED} }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) ${MOVED} }`;
const CORRECT = `mutation ($input: CorrectLedgerEntryInput!) { correctLedgerEntry(input: $input) {
  __typename ... on CorrectionRefused { reason }
} }`;
const FREEZE = `mutation ($input: SetAccountFreezeInput!) { setAccountFreeze(input: $input) {
  __typename ... on AccountFreezeRefused { reason }
} }`;
const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  __typename ... on InvitationMade { code } ... on InviteRefused { reason }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename ... on InvitationRefused { reason }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
const HOLD = `mutation ($commands: [FundsCommandInput!]!) { applyFunds(commands: $commands) { kind } }`;
const ACCOUNT = `query ($id: ID!) { account(id: $id) {
  name tradingState closedAt freeze { since }
  balances { total } ledgerEntries { edges { node { change } } } memberChanges { edges { node { kind } } }
} }`;

interface Answer {
  readonly __typename: string;
  readonly reason?: string;
  readonly code?: string;
  readonly closedAt?: string;
}

let accounts: AccountsServer;
let server: TestServer;
beforeAll(async () => {
  accounts = await AccountsServer.start();
  server = accounts.server;
});
afterAll(() => accounts.stop());

const ask = (viewer: Trader, query: string, input: object) =>
  server.ask<Answer>(viewer, query, input);
const close = (viewer: Trader, accountId: string, code?: string) =>
  ask(viewer, CLOSE, { accountId, code });
const hold = (accountId: string, id: string) =>
  server.subgraph.request<{ applyFunds: object[] }>(ORDER, HOLD, {
    commands: [{ placeHold: { holdId: id, orderId: id, accountId, asset: 'USDT', amount: '1' } }],
  });
const money = (accountId: string, transferId: string, amount = '1') => ({
  ...{ accountId, transferId, asset: 'USDT', amount },
});

describe('closing an account', () => {
  it('takes an account without anything in it, and shows what is in the way otherwise', async () => {
    const trader = await server.aTrader({ USDT: '5' });
    const [viewer, { accountId }] = [signedIn(trader), trader];
    const id = '00000000-0000-4000-8000-00000000c105';
    await hold(accountId, id);
    expect(await close(viewer, accountId)).toEqual({
      __typename: 'AccountNotEmpty',
      balances: [{ asset: { code: 'USDT' }, total: '5.00000000', locked: '1.00000000' }],
    });
    await server.subgraph.request(ORDER, HOLD, {
      commands: [{ releaseHold: { holdId: id, orderId: id, accountId } }],
    });
    expect(await close(viewer, accountId)).toMatchObject({ __typename: 'AccountNotEmpty' });
    await ask(viewer, WITHDRAW, money(accountId, 'all', '5'));
    const closed = await close(viewer, accountId);
    expect(closed).toMatchObject({ __typename: 'AccountClosed', replayed: false });
    expect(await close(viewer, accountId)).toEqual({ ...closed, replayed: true });
    expect((await accounts.trailOf(trader))[0]).toBe(`ACCOUNT_CLOSED ${accountId}`);
    const { data } = await server.subgraph.request<{ account: object }>(viewer, ACCOUNT, {
      id: accountId,
    });
    expect(data.account).toEqual({
      ...{ name: expect.any(String) as unknown, tradingState: 'HALTED', freeze: null },
      ...{ closedAt: closed.closedAt, balances: [{ total: '0.00000000' }] },
      ledgerEntries: {
        edges: [{ node: { change: '-5.00000000' } }, { node: { change: '5.00000000' } }],
      },
      memberChanges: { edges: [{ node: { kind: 'JOINED' } }] },
    });
  });

  it('is done once when ten ask at the same time', async () => {
    const trader = await server.aTrader();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => close(signedIn(trader), trader.accountId)),
    );
    expect(answers.filter((answer) => 'replayed' in answer && !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ closedAt }) => closedAt)).size).toBe(1);
    const noted = (await accounts.trailOf(trader)).filter((entry) => entry.startsWith('ACCOUNT_C'));
    expect(noted).toHaveLength(1);
  });

  it('is for owners now, of clients’ accounts, and not while the desk has frozen one', async () => {
    const [owner, guest] = [await server.aTrader(), await server.aTrader()];
    const desk = on('house', await server.aTrader({}, { isDesk: true }), 'OWNER');
    const { accountId } = owner;
    for (const viewer of [
      signedIn(guest),
      on(accountId, guest, 'TRADER'),
      on(accountId, guest, 'OWNER'),
    ])
      expect(await close(viewer, accountId)).toEqual({ __typename: 'AccountNotFound' });
    expect(await close(signedIn(owner), 'no id')).toEqual({ __typename: 'AccountNotFound' });
    expect(await close(desk, 'house')).toMatchObject({ reason: 'NOT_A_CLIENT_ACCOUNT' });
    await ask(desk, FREEZE, { accountId, isFrozen: true, reason: 'dispute' });
    expect(await close(signedIn(owner), accountId)).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
    await ask(desk, FREEZE, { accountId, isFrozen: false, reason: 'settled' });
    expect(await close(viewerOf(owner), accountId)).toMatchObject({ __typename: 'AccountClosed' });
    for (const isFrozen of [true, false])
      expect(await ask(desk, FREEZE, { accountId, isFrozen, reason: 'late' })).toMatchObject({
        reason: 'ACCOUNT_CLOSED',
      });
  });

  it('shows in the repeated answer to its opening', async () => {
    const trader = await server.aTrader();
    const opened = await accounts.open(signedIn(trader), 'short-lived');
    expect(opened.closedAt).toBeNull();
    const accountId = opened.accountId ?? '';
    const { closedAt } = await close(on(accountId, trader, 'OWNER'), accountId);
    expect(await accounts.open(signedIn(trader), 'short-lived')).toEqual({
      ...opened,
      ...{ replayed: true, closedAt },
    });
  });

  it('takes a code in a session with a second factor, and none for a repetition', async () => {
    const trader = await server.aTrader({ USDT: '1' });
    const [viewer, { accountId }] = [signedIn(trader), trader];
    const { recoveryCodes } = await turnOnSecondFactor(server, viewer);
    const [first, second, third] = recoveryCodes;
    // A code is not used up by what is refused for another reason.
    expect(await close(viewer, accountId, first)).toMatchObject({ __typename: 'AccountNotEmpty' });
    await ask(viewer, WITHDRAW, { ...money(accountId, 'all'), code: second });
    expect(await close(viewer, accountId)).toMatchObject({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await close(viewer, accountId, '000000')).toMatchObject({
      reason: 'SECOND_FACTOR_INVALID',
    });
    const twins = await Promise.all([
      close(viewer, accountId, first),
      close(viewer, accountId, first),
    ]);
    for (const twin of twins) expect(twin).toMatchObject({ __typename: 'AccountClosed' });
    expect(await close(viewer, accountId)).toMatchObject({ replayed: true });
    const other = await accounts.open(viewer, 'other');
    const otherId = other.accountId ?? '';
    const owner = on(otherId, trader, 'OWNER');
    expect(await close(owner, otherId, first)).toMatchObject({ reason: 'SECOND_FACTOR_INVALID' });
    expect(await close(owner, otherId, third)).toMatchObject({ __typename: 'AccountClosed' });
  });

  it('is answered the same when the request that closed it has just used the code up', async () => {
    const trader = await server.aTrader();
    const [viewer, { accountId }] = [signedIn(trader), trader];
    const { recoveryCodes } = await turnOnSecondFactor(server, viewer);
    const twin = {
      lock: 'LOCK TABLE recovery_codes IN ACCESS EXCLUSIVE MODE',
      change: `WITH used AS (DELETE FROM recovery_codes)
        UPDATE accounts SET trading_state = 'HALTED', closed_at = now() WHERE id = '${accountId}'`,
      parameters: [],
    };
    const answer = await whileLocked(server, twin, () =>
      close(viewer, accountId, recoveryCodes[0]),
    );
    expect(answer).toMatchObject({ __typename: 'AccountClosed', replayed: true });
  });
});

describe('a closed account', () => {
  it('takes no money, no hold, no correction, no name and no member', async () => {
    const [trader, guest] = [await server.aTrader({ USDT: '5' }), await server.aTrader()];
    const desk = on('house', await server.aTrader({}, { isDesk: true }), 'OWNER');
    const [viewer, { accountId }] = [signedIn(trader), trader];
    const { code } = await ask(viewer, INVITE, { accountId, role: 'OWNER' });
    await ask(viewer, WITHDRAW, money(accountId, 'all', '5'));
    await close(viewer, accountId);
    for (const query of [DEPOSIT, WITHDRAW])
      expect(
        await ask(viewer, query, money(accountId, query.slice(0, 20).replace(/\W/g, ''))),
      ).toEqual({ __typename: 'TransferRefused', reason: 'ACCOUNT_CLOSED' });
    const { data } = await hold(accountId, '00000000-0000-4000-8000-00000000c106');
    expect(data.applyFunds).toEqual([{ kind: 'ACCOUNT_CLOSED' }]);
    const correction = { transferId: 'fix', accountId, sequence: '2', reason: 'came back' };
    expect(await ask(desk, CORRECT, correction)).toMatchObject({ reason: 'ACCOUNT_CLOSED' });
    expect(await accounts.rename(viewer, accountId, 'Late')).toMatchObject({
      reason: 'ACCOUNT_CLOSED',
    });
    expect(await ask(signedIn(guest), ACCEPT, { code })).toMatchObject({
      reason: 'INVITATION_INVALID',
    });
    expect(await ask(viewer, INVITE, { accountId, role: 'VIEWER' })).toMatchObject({
      reason: 'ACCOUNT_CLOSED',
    });
  });

  it('does not count among those that a user owns, and its last owner can leave it', async () => {
    const trader = await server.aTrader();
    await server.sql(
      `WITH others AS (
        INSERT INTO accounts (id, name, kind, overdraft_allowed, created_at)
        SELECT 'acc-' || n || $1, 'many', 'CLIENT', false, now() FROM generate_series(1, 24) n
        RETURNING id
      ) INSERT INTO account_members (account_id, user_id, role) SELECT id, $1, 'OWNER' FROM others`,
      [trader.userId],
    );
    const [viewer, { accountId, userId }] = [signedIn(trader), trader];
    expect(await accounts.open(viewer, 'one-more')).toMatchObject({
      reason: 'TOO_MANY_OWN_ACCOUNTS',
    });
    expect(await ask(viewer, REMOVE, { accountId, userId })).toEqual({ __typename: 'LastOwner' });
    await close(viewer, accountId);
    expect(await accounts.open(viewer, 'another')).toMatchObject({ replayed: false });
    expect(await ask(viewer, REMOVE, { accountId, userId })).toEqual({
      __typename: 'MemberRemoved',
    });
  });
});
