import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketClient } from '../fixtures/socket-client.ts';
import type { Desk } from './support/harness.ts';
import { BALANCES, type BalancesAnswer, PLACE_ORDER } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';
import { signedIn } from './support/sign-in.ts';
import { TraderClient } from './support/trader-client.ts';

// A trader opens a second account for a strategy, funds it from the first and trades in it, over
// connections that are older than the account. A key that is bound to the first account sees nothing of it.
const PASSWORD = 'open sesame';
const OPEN = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  __typename
  ... on AccountOpened { accountId name replayed }
  ... on OpenAccountRefused { reason limit message }
  ... on ClientAccountIdConflict { accountId differingFields }
} }`;
const RENAME = `mutation ($input: RenameAccountInput!) { renameAccount(input: $input) {
  __typename ... on AccountRenamed { name } ... on RenameAccountRefused { reason message }
} }`;
const TRANSFER = `mutation ($input: TransferInput!) { transfer(input: $input) { __typename } }`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret }
} }`;
const ACCOUNTS = '{ viewer { accounts { id name } } }';

interface Opened {
  readonly openAccount: { readonly accountId: string; readonly replayed: boolean };
}
interface Accounts {
  readonly viewer: { readonly accounts: readonly { readonly id: string; readonly name: string }[] };
}

let desk: Desk;
let trader: TraderClient;
let person: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader({ USDT: '1000' }, { password: PASSWORD });
  person = await signedIn(desk, trader, PASSWORD);
});
afterAll(async () => {
  await Promise.all([trader.close(), person.close()]);
  await desk.stop();
});

const open = async (clientAccountId: string, name = 'Grid') =>
  (await person.request<Opened>(OPEN, { input: { clientAccountId, name } })).openAccount;

/** A client by a key of the trader's that may do everything, but perhaps not everywhere. */
async function byKey(input: object = {}): Promise<TraderClient> {
  const scopes = ['ACCOUNT_READ', 'TRADE_READ', 'TRADE_WRITE', 'TRANSFER_WRITE', 'KEYS_WRITE'];
  const { createApiKey } = await trader.request<{ createApiKey: { secret: string } }>(CREATE, {
    input: { name: 'bot', scopes, ...input },
  });
  const { accountId } = trader;
  return new TraderClient(desk.gateway, { accountId, apiKey: createApiKey.secret });
}

const idsOf = async (client: TraderClient) =>
  (await client.request<Accounts>(ACCOUNTS)).viewer.accounts.map(({ id }) => id);

describe('an account that a trader opens', () => {
  it('is funded and traded in over a socket that was open before, and stays open', async () => {
    const socket = await SocketClient.connect(desk.gateway, { apiKey: trader.apiKey });
    let number = 0;
    const send = async (query: string, variables: Record<string, unknown>) => {
      socket.subscribe(`${(number += 1)}`, query, variables);
      const { payload } = (await socket.next()) as { payload: { data: unknown } };
      expect(await socket.next()).toMatchObject({ type: 'complete' });
      return payload.data;
    };
    const { accountId } = await open('strategy-1');
    const transfer = {
      ...{ transferId: 'fund', fromAccountId: trader.accountId, toAccountId: accountId },
      ...{ asset: 'USDT', amount: '600' },
    };
    await expect
      .poll(() => send(TRANSFER, { input: transfer }))
      .toEqual({ transfer: { __typename: 'TransferApplied' } });
    const order = limitOrder({
      ...{ accountId, clientOrderId: 'first', side: 'BUY', quantity: '0.01' },
      limitPrice: '50000',
    });
    expect(await send(PLACE_ORDER, order)).toMatchObject({
      placeOrder: { __typename: 'OrderAccepted' },
    });
    const { account } = (await send(BALANCES, { accountId })) as BalancesAnswer;
    expect(account?.balances).toMatchObject([{ total: '600.00000000', locked: '500.50000000' }]);
    await socket.close();
  });

  it('is visible at once to a key that is not bound to accounts, with its orders, but not to one that is', async () => {
    const [free, bound] = [await byKey(), await byKey({ accountIds: [trader.accountId] })];
    const { accountId } = await open('strategy-2');
    await expect.poll(() => idsOf(free)).toContain(accountId);
    const seen = await free.request(
      'query ($id: ID!) { account(id: $id) { name role openOrders: orders(first: 1) { edges { cursor } } } }',
      { id: accountId },
    );
    expect(seen).toEqual({
      account: { name: 'Grid', role: 'OWNER', openOrders: { edges: [] } },
    });
    expect(await idsOf(bound)).toEqual([trader.accountId]);
    const order = limitOrder({
      ...{ accountId, clientOrderId: 'x', side: 'BUY', quantity: '0.01', limitPrice: '50000' },
    });
    const around: readonly (readonly [string, object, string])[] = [
      [PLACE_ORDER, order, 'AccountNotFound'],
      [RENAME, { input: { accountId, name: 'Mine' } }, 'AccountNotFound'],
      [
        TRANSFER,
        {
          input: {
            ...{ transferId: 't', fromAccountId: trader.accountId, toAccountId: accountId },
            ...{ asset: 'USDT', amount: '1' },
          },
        },
        'AccountNotFound',
      ],
      [OPEN, { input: { clientAccountId: 'strategy-2', name: 'Grid' } }, 'OpenAccountRefused'],
      [OPEN, { input: { clientAccountId: 'new', name: 'Grid' } }, 'OpenAccountRefused'],
    ];
    for (const [query, variables, __typename] of around) {
      const data = await bound.request<Record<string, { __typename: string }>>(
        ...([query, variables as Record<string, unknown>] as const),
      );
      expect(Object.values(data)[0]).toMatchObject({ __typename });
    }
    await Promise.all([free.close(), bound.close()]);
  });
});

it('a key with trade:read alone reads the limits of its account by id, but no balance', async () => {
  const reader = await byKey({ scopes: ['TRADE_READ'] });
  const account = (id: string, field: string) =>
    reader.send(`query ($id: ID!) { account(id: $id) { ${field} } }`, { id });
  const LIMITS = 'tradingLimits(symbol: "BTC-USDT") { maxOrdersPerBatch }';
  const { data } = await account(trader.accountId, LIMITS);
  expect(data).toEqual({ account: { tradingLimits: { maxOrdersPerBatch: 100 } } });
  expect((await account('house', LIMITS)).data).toEqual({ account: null });
  const { errors } = await account(trader.accountId, 'balances { total }');
  expect(errors?.[0]?.extensions).toMatchObject({
    ...{ reason: 'SCOPE_MISSING', needed: 'account:read', coordinate: 'Account.balances' },
  });
  await reader.close();
});

describe('a refusal', () => {
  it.each([
    ['of an id', { clientAccountId: 'a b' }, 'INVALID_CLIENT_ACCOUNT_ID', null],
    ['of a name', { name: '\u202e' }, 'NAME_INVALID', null],
  ])('%s says why, and changes nothing', async (_what, change, reason, limit) => {
    const before = await idsOf(person);
    const input = { clientAccountId: 'refused', name: 'Grid', ...change };
    expect(await person.request(OPEN, { input })).toMatchObject({
      openAccount: { __typename: 'OpenAccountRefused', reason, limit },
    });
    expect(await idsOf(person)).toEqual(before);
  });

  it('of an id that was used with another name shows which field differs', async () => {
    const { accountId } = await open('again', 'One');
    expect(await open('again', 'One')).toMatchObject({ accountId, replayed: true });
    expect(await open('again', 'Two')).toEqual({
      ...{ __typename: 'ClientAccountIdConflict', accountId, differingFields: ['name'] },
    });
  });

  it('of one account too many shows the limit', async () => {
    const other = await desk.aTrader({}, { password: PASSWORD });
    const owner = await signedIn(desk, other, PASSWORD);
    const openNext = async (number: number) => {
      const input = { clientAccountId: `n-${number}`, name: 'Grid' };
      return (await owner.request<Opened>(OPEN, { input })).openAccount;
    };
    for (let count = 1; count < 25; count += 1)
      expect(await openNext(count)).toMatchObject({ replayed: false });
    expect(await openNext(25)).toMatchObject({ reason: 'TOO_MANY_OWN_ACCOUNTS', limit: 25 });
    await expect.poll(async () => (await idsOf(owner)).length).toBe(25);
    await Promise.all([other.close(), owner.close()]);
  });

  it('to rename somebody else’s account is the same as for a nonexistent one', async () => {
    const other = await desk.aTrader();
    for (const accountId of [other.accountId, 'absent'])
      expect(await person.request(RENAME, { input: { accountId, name: 'Mine' } })).toEqual({
        renameAccount: { __typename: 'AccountNotFound' },
      });
    await other.close();
  });

  it('is all that a client without a credential gets', async () => {
    for (const [query, input] of [
      [OPEN, { clientAccountId: 'a', name: 'Grid' }],
      [RENAME, { accountId: trader.accountId, name: 'Grid' }],
    ] as const) {
      const { errors } = await desk.anonymous().send(query, { input });
      expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    }
  });
});
