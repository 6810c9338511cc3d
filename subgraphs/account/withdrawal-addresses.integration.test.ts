import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '#shared/domain/clock.ts';
import type { AccountRole, Trader } from '#shared/identity/viewer.ts';
import { whileLocked } from './test-locks.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

// A user's saved addresses, and the switch that lets money out to no others.

const ADD = `mutation ($input: AddWithdrawalAddressInput!) { addWithdrawalAddress(input: $input) {
  ... on WithdrawalAddressAdded { replayed withdrawalAddress { id asset address label addedAt usableFrom } }
  ... on WithdrawalAddressRefused { reason }
} }`;
const REMOVE = `mutation ($input: RemoveWithdrawalAddressInput!) {
  removeWithdrawalAddress(input: $input) { __typename }
}`;
const SET = `mutation ($input: SetSavedAddressesOnlyInput!) { setSavedAddressesOnly(input: $input) {
  ... on SavedAddressesOnlySet { savedAddressesOnly { isOn offFrom waitSeconds } }
  ... on SavedAddressesOnlyRefused { reason }
} }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) {
  ... on TransferApplied { replayed } ... on TransferRefused { reason }
  ... on TransferIdConflict { differingFields }
} }`;
const TRANSFER = `mutation ($input: TransferInput!) { transfer(input: $input) {
  ... on TransferApplied { replayed } ... on TransferRefused { reason }
} }`;
const SEEN = `{ viewer {
  withdrawalAddresses { id label } savedAddressesOnly { isOn offFrom waitSeconds }
} }`;
const TRAIL = '{ viewer { auditTrail(first: 4) { edges { node { action } } } } }';

interface Answer {
  readonly reason?: string;
  readonly replayed?: boolean;
  readonly differingFields?: readonly string[];
  readonly savedAddressesOnly?: { readonly isOn: boolean; readonly offFrom: string | null };
  readonly withdrawalAddress?: {
    readonly id: string;
    readonly addedAt: string;
    readonly usableFrom: string;
  };
}
type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;

let server: TestServer;
let trader: Seeded;
let viewer: Trader;
let transfers = 0;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  trader = await server.aTrader({ USDT: '1000', BTC: '1' });
  viewer = signedIn(trader);
});
afterAll(() => server.stop());

const ask = (query: string, input?: object, by: Trader = viewer): Promise<Answer> =>
  server.ask(by, query, input);

/** Turns a second factor on. @returns codes that were not used yet */
async function withSecondFactor(): Promise<string[]> {
  return [...(await turnOnSecondFactor(server, viewer)).recoveryCodes];
}

const add = async (change: object = {}) =>
  ask(ADD, { asset: 'USDT', address: 'TXk1', label: 'Cold wallet', ...change });
const addedId = async (change: object = {}) => (await add(change)).withdrawalAddress?.id ?? '';
const withdraw = (change: object = {}, by: Trader = viewer) => {
  const transferId = `out-${(transfers += 1)}`;
  const { accountId } = trader;
  return ask(WITHDRAW, { transferId, accountId, asset: 'USDT', amount: '1', ...change }, by);
};
/** As if the wait were over for every address of the trader. */
const waitIsOver = () =>
  server.sql('UPDATE withdrawal_addresses SET usable_from = now() WHERE user_id = $1', [
    trader.userId,
  ]);

describe('a saved address', () => {
  it('can be used a day after it was saved, which can be seen, and for its asset only', async () => {
    const { withdrawalAddress, replayed } = await add();
    const { id = '', addedAt = '', usableFrom = '' } = withdrawalAddress ?? {};
    expect(replayed).toBe(false);
    expect(Date.parse(usableFrom) - Date.parse(addedAt)).toBe(DAY_MS);
    expect(await withdraw({ addressId: id })).toEqual({ reason: 'ADDRESS_NOT_USABLE_YET' });
    expect(await withdraw()).toEqual({ replayed: false });
    await waitIsOver();
    expect(await withdraw({ addressId: id })).toEqual({ replayed: false });
    expect(await withdraw({ addressId: id, asset: 'BTC' })).toEqual({
      reason: 'ADDRESS_NOT_FOUND',
    });
    const { data } = await server.subgraph.request(viewerOf(trader), SEEN);
    expect(data).toEqual({
      viewer: {
        withdrawalAddresses: [{ id, label: 'Cold wallet' }],
        savedAddressesOnly: { isOn: false, offFrom: null, waitSeconds: DAY_MS / 1000 },
      },
    });
  });

  it('is saved once, however often and by however many requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => add()));
    expect(new Set(answers.map(({ withdrawalAddress }) => withdrawalAddress?.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    const again = await add({ label: 'Other' });
    expect(again).toMatchObject({ replayed: true, withdrawalAddress: { label: 'Cold wallet' } });
  });

  it('is of no use once it is removed, nor to anyone else, and waits again when it comes back', async () => {
    const id = await addedId();
    await waitIsOver();
    const other = await server.aTrader({ USDT: '10' });
    const theirs = { accountId: other.accountId, addressId: id };
    expect(await withdraw(theirs, signedIn(other))).toEqual({ reason: 'ADDRESS_NOT_FOUND' });
    expect(await ask(REMOVE, { id }, signedIn(other))).toEqual({
      __typename: 'WithdrawalAddressNotFound',
    });
    for (let times = 0; times < 2; times += 1)
      expect(await ask(REMOVE, { id })).toEqual({ __typename: 'WithdrawalAddressRemoved' });
    expect(await withdraw({ addressId: id })).toEqual({ reason: 'ADDRESS_NOT_FOUND' });
    const back = await addedId();
    expect(back).not.toBe(id);
    expect(await withdraw({ addressId: back })).toEqual({ reason: 'ADDRESS_NOT_USABLE_YET' });
  });

  it.each([
    ['an asset that is not there', { asset: 'NOPE' }, 'ASSET_NOT_FOUND'],
    ['no address', { address: '' }, 'ADDRESS_INVALID'],
    ['an address with a space', { address: 'a b' }, 'ADDRESS_INVALID'],
    ['letters that look alike', { address: 'TХk1' }, 'ADDRESS_INVALID'],
    ['a long address', { address: 'x'.repeat(129) }, 'ADDRESS_INVALID'],
    ['a label that shows nothing', { label: '\u200b' }, 'LABEL_INVALID'],
  ])('is not saved with %s', async (_what, change, reason) => {
    expect(await add(change)).toEqual({ reason });
  });

  it('is one of a hundred at most', async () => {
    await server.sql(
      `INSERT INTO withdrawal_addresses (id, user_id, asset_code, address, label, added_at, usable_from)
      SELECT 'adr-' || $1 || n, $1, 'USDT', 'a' || n, 'l', now(), now() FROM generate_series(1, 100) n`,
      [trader.userId],
    );
    expect(await add()).toEqual({ reason: 'TOO_MANY_ADDRESSES' });
    await ask(REMOVE, { id: `adr-${trader.userId}1` });
    expect(await add()).toMatchObject({ replayed: false });
  });

  it('is saved by nobody with a key, and needs the second factor', async () => {
    const input = { asset: 'USDT', address: 'TXk1', label: 'Mine' };
    const { errors } = await server.subgraph.request(viewerOf(trader), ADD, { input });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const codes = await withSecondFactor();
    expect(await add()).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await add({ code: codes[0] })).toMatchObject({ replayed: false });
    // A repetition adds nothing, and its code was used up.
    expect(await add({ code: codes[0] })).toMatchObject({ replayed: true });
  });

  it('is saved for a request whose code the same one, sent at once, has just used up', async () => {
    const [code] = await withSecondFactor();
    const twin = {
      lock: 'LOCK TABLE recovery_codes IN ACCESS EXCLUSIVE MODE',
      change: `WITH used AS (DELETE FROM recovery_codes)
        INSERT INTO withdrawal_addresses
          (id, user_id, asset_code, address, label, added_at, usable_from)
        VALUES (gen_random_uuid(), '${trader.userId}', 'USDT', 'TXk1', 'Cold wallet', now(), now())`,
      parameters: [],
    };
    expect(await whileLocked(server, twin, () => add({ code }))).toMatchObject({ replayed: true });
  });

  it('is part of its withdrawal, which another address makes another one', async () => {
    const [one, other] = [await addedId(), await addedId({ address: 'TXk2' })];
    await waitIsOver();
    const transferId = 'once';
    expect(await withdraw({ transferId, addressId: one })).toEqual({ replayed: false });
    expect(await withdraw({ transferId, addressId: one })).toEqual({ replayed: true });
    for (const addressId of [other, undefined])
      expect(await withdraw({ transferId, addressId })).toEqual({
        differingFields: ['addressId'],
      });
  });
});

describe('withdrawals to saved addresses only', () => {
  it('need a second factor to be turned on, and hold for keys as for sessions', async () => {
    expect(await ask(SET, { isOn: true })).toEqual({ reason: 'SECOND_FACTOR_OFF' });
    const codes = await withSecondFactor();
    const id = await addedId({ code: codes.pop() });
    await waitIsOver();
    expect(await ask(SET, { isOn: true })).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await ask(SET, { isOn: true, code: codes.pop() })).toMatchObject({
      savedAddressesOnly: { isOn: true, offFrom: null },
    });
    expect(await withdraw({ code: codes[0] })).toEqual({ reason: 'ADDRESS_NEEDED' });
    expect(await withdraw({ addressId: id, code: codes.pop() })).toEqual({ replayed: false });
    const byKey = viewerOf(trader);
    const refused = await withdraw({ transferId: 'kept' }, byKey);
    expect(refused).toEqual({ reason: 'ADDRESS_NEEDED' });
    // The refusal did not use the id up.
    expect(await withdraw({ transferId: 'kept', addressId: id }, byKey)).toEqual({
      replayed: false,
    });
  });

  it('stay on for a day after the request to turn them off, unless that is revised', async () => {
    const codes = await withSecondFactor();
    const set = (isOn: boolean) => ask(SET, { isOn, code: codes.pop() });
    expect(await set(false)).toMatchObject({ savedAddressesOnly: { isOn: false } });
    await set(true);
    const first = await set(false);
    const { offFrom } = first.savedAddressesOnly ?? {};
    expect(first).toMatchObject({ savedAddressesOnly: { isOn: true } });
    expect(Date.parse(offFrom ?? '') - Date.now()).toBeGreaterThan(DAY_MS - 60_000);
    expect(await withdraw()).toEqual({ reason: 'ADDRESS_NEEDED' });
    // A second request does not begin the wait again.
    expect(await set(false)).toEqual(first);
    expect(await set(true)).toMatchObject({ savedAddressesOnly: { isOn: true, offFrom: null } });
    await set(false);
    await server.sql('UPDATE saved_addresses_switches SET off_from = now() WHERE user_id = $1', [
      trader.userId,
    ]);
    expect(await withdraw({ code: codes.pop() })).toEqual({ replayed: false });
    const { data } = await server.subgraph.request<{
      viewer: { auditTrail: { edges: { node: { action: string } }[] } };
    }>(viewer, TRAIL);
    expect(data.viewer.auditTrail.edges.map(({ node }) => node.action)).toEqual([
      'RECOVERY_CODE_USED',
      'WITHDRAWAL_REQUESTED',
      'SAVED_ADDRESSES_ONLY_OFF_REQUESTED',
      'RECOVERY_CODE_USED',
    ]);
  });
});

describe('a transfer to an account that somebody else owns too', () => {
  /** Lets the trader join an account of somebody else's. @returns how they transfer to it */
  async function joined(role: AccountRole) {
    const thief = await server.aTrader();
    const { accountId: toAccountId } = thief;
    await server.sql(
      'INSERT INTO account_members (account_id, user_id, role) VALUES ($1, $2, $3)',
      [...[toAccountId, trader.userId, role]],
    );
    viewer = signedIn(trader, { accountId: toAccountId, role });
    return (change: object = {}) => {
      const transferId = `to-${(transfers += 1)}`;
      const ends = { fromAccountId: trader.accountId, toAccountId };
      return ask(TRANSFER, { transferId, asset: 'USDT', amount: '1', ...ends, ...change });
    };
  }

  it.each(['OWNER', 'TRADER'] as const)(
    'needs what a withdrawal needs, for a user who was let in as its %s',
    async (role) => {
      const transfer = await joined(role);
      expect(await transfer()).toEqual({ replayed: false });
      const codes = await withSecondFactor();
      expect(await transfer()).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
      const [transferId, code] = ['proved', codes.pop()];
      expect(await transfer({ transferId, code })).toEqual({ replayed: false });
      expect(await transfer({ transferId, code })).toEqual({ replayed: true });
      await ask(SET, { isOn: true, code: codes.pop() });
      expect(await transfer({ code: codes[0] })).toEqual({ reason: 'DESTINATION_SHARED' });
    },
  );

  it('is free between accounts with the same owners', async () => {
    trader = await server.aTrader({ USDT: '5' }, { moreAccounts: 1 });
    const { accounts } = await server.viewerWithAllAccounts(trader);
    viewer = { ...signedIn(trader), accounts };
    const codes = await withSecondFactor();
    await ask(SET, { isOn: true, code: codes.pop() });
    const [fromAccountId, toAccountId] = accounts.map(({ accountId }) => accountId);
    const input = { transferId: 'own', asset: 'USDT', amount: '1', fromAccountId, toAccountId };
    expect(await ask(TRANSFER, input)).toEqual({ replayed: false });
  });
});
