import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trader } from '#shared/identity/viewer.ts';
import { signedIn, startTestServer, type TestServer } from './test-server.ts';

// What the ledger of a shared account says of each movement: who made it, and where its money went.

type Seeded = Awaited<ReturnType<TestServer['aTrader']>>;
interface Entries {
  readonly ledgerEntries: { readonly edges: readonly { readonly node: object }[] };
}

const ENTRIES = `query ($id: ID!) { account(id: $id) { ledgerEntries(first: 10) { edges { node {
  type change otherAccountId withdrawalAddress requestedBy { id name }
} } } } }`;
const OF_ASSET = `query ($id: ID!, $asset: ID!) { account(id: $id) {
  ledgerEntries(asset: $asset) { edges { node { type } } }
} }`;
const ADD = `mutation ($input: AddWithdrawalAddressInput!) { addWithdrawalAddress(input: $input) {
  ... on WithdrawalAddressAdded { withdrawalAddress { id } }
} }`;
const REMOVE = `mutation ($input: RemoveWithdrawalAddressInput!) {
  removeWithdrawalAddress(input: $input) { __typename }
}`;

let server: TestServer;
let sql: pg.Client;
let owner: Seeded;
let member: Seeded;
let byMember: Trader;
beforeAll(async () => {
  server = await startTestServer();
  sql = new pg.Client({ connectionString: server.databaseUrl });
  await sql.connect();
  owner = await server.aTrader({ USDT: '100' }, { moreAccounts: 1 });
  member = await server.aTrader();
  await sql.query('INSERT INTO account_members (account_id, user_id, role) VALUES ($1, $2, $3)', [
    ...[owner.accountId, member.userId, 'TRADER'],
  ]);
  byMember = signedIn(member, { accountId: owner.accountId, role: 'TRADER' });
});
afterAll(async () => {
  await sql.end();
  await server.stop();
});

const move = (viewer: Trader, kind: 'deposit' | 'withdraw' | 'transfer', input: object) =>
  server.ask(
    viewer,
    `mutation ($input: ${kind[0]?.toUpperCase()}${kind.slice(1)}Input!) {
      ${kind}(input: $input) { __typename }
    }`,
    { asset: 'USDT', amount: '1', ...input },
  );
async function entriesOf(viewer: Trader, id: string): Promise<readonly object[]> {
  const answer = await server.subgraph.request<{ account: Entries }>(viewer, ENTRIES, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.account.ledgerEntries.edges.map(({ node }) => node);
}
const nameOf = async ({ userId: id }: Seeded) => {
  const { rows } = await sql.query<{ name: string }>('SELECT name FROM users WHERE id = $1', [id]);
  return { id, name: rows[0]?.name };
};

describe('an entry of a movement', () => {
  it('says who requested it, and where its money went to or came from', async () => {
    const { accountId } = owner;
    const byOwner = await server.viewerWithAllAccounts(owner);
    const otherAccountId = byOwner.accounts.find((one) => one.accountId !== accountId)?.accountId;
    const saved = { asset: 'USDT', address: 'TXk1', label: 'Cold wallet' };
    const { withdrawalAddress } = await server.ask<{ withdrawalAddress: { id: string } }>(
      ...[signedIn(owner), ADD, saved],
    );
    const { id: addressId } = withdrawalAddress;
    await sql.query("UPDATE withdrawal_addresses SET usable_from = now() - interval '1 s'");

    // The same id of two users: each movement is told by its own.
    await move(byMember, 'deposit', { transferId: 'one.1', accountId });
    await move(byOwner, 'withdraw', { transferId: 'one.1', accountId, addressId });
    await server.ask(signedIn(owner), REMOVE, { id: addressId });
    await move(byOwner, 'withdraw', { transferId: 'two', accountId });
    const ends = { fromAccountId: accountId, toAccountId: otherAccountId };
    await move(byOwner, 'transfer', { transferId: 'three', ...ends });

    const none = { otherAccountId: null, withdrawalAddress: null };
    const requestedBy = await nameOf(owner);
    const transfer = { type: 'TRANSFER', ...none, requestedBy };
    const withdrawal = { type: 'WITHDRAWAL', change: '-1.00000000', ...none, requestedBy };
    const deposit = { type: 'DEPOSIT', ...none };
    expect(await entriesOf(byMember, accountId)).toEqual([
      { ...transfer, change: '-1.00000000', otherAccountId },
      withdrawal,
      { ...withdrawal, withdrawalAddress: 'TXk1' },
      { ...deposit, change: '1.00000000', requestedBy: await nameOf(member) },
      { ...deposit, change: '100.00000000', requestedBy },
    ]);
    const [received] = await entriesOf(byOwner, otherAccountId ?? '');
    expect(received).toEqual({ ...transfer, change: '1.00000000', otherAccountId: accountId });
  });
});

it('is not missed for a slip in the code of its asset, which looks like no empty list', async () => {
  const ofAsset = (asset: string) =>
    server.subgraph.request<{ account: Entries }>(byMember, OF_ASSET, {
      ...{ id: owner.accountId, asset },
    });
  const none = await ofAsset('BTC');
  expect([none.data, none.errors]).toEqual([
    { account: { ledgerEntries: { edges: [] } } },
    undefined,
  ]);
  for (const asset of ['NOPE', 'usdt']) {
    const { errors } = await ofAsset(asset);
    expect(errors?.[0]?.message).toBe(`There is no asset "${asset}".`);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
});
