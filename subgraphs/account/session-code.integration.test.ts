import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trader } from '#shared/identity/viewer.ts';
import { codeOf } from './test-authenticator.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { signedIn, startTestServer, type TestServer, viewerOf } from './test-server.ts';

// What a stolen session alone cannot turn into something that lasts, if its user has a second factor.

const REFUSED = 'reason';
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret apiKey { id } } ... on ApiKeyRefused { ${REFUSED} }
} }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  ... on ApiKeyRotated { secret } ... on ApiKeyRefused { ${REFUSED} }
} }`;
const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) {
  ... on ApiKeyUpdated { apiKey { name ipAllowList } } ... on ApiKeyRefused { ${REFUSED} }
} }`;
const INVITE = `mutation ($input: InviteToAccountInput!) { inviteToAccount(input: $input) {
  __typename ... on InvitationMade { role code } ... on InviteRefused { ${REFUSED} }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) {
  __typename ... on RemoveMemberRefused { ${REFUSED} }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename
} }`;
const ADD_ADDRESS = `mutation ($input: AddWithdrawalAddressInput!) { addWithdrawalAddress(input: $input) {
  ... on WithdrawalAddressAdded { replayed } ... on WithdrawalAddressRefused { ${REFUSED} }
} }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) {
  ... on TransferApplied { replayed } ... on TransferRefused { ${REFUSED} }
  ... on TransferIdConflict { differingFields }
} }`;

interface Answer {
  readonly reason?: string;
  readonly replayed?: boolean;
  readonly code?: string;
}

let server: TestServer;
let trader: Awaited<ReturnType<TestServer['aTrader']>>;
let member: typeof trader;
let viewer: Trader;
let codes: string[];
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  trader = await server.aTrader({ USDT: '100' });
  viewer = signedIn(trader);
  member = await server.aTrader();
  const { code } = await ask(INVITE, { accountId: trader.accountId, role: 'TRADER' });
  await ask(ACCEPT, { code }, signedIn(member));
  const { secret, recoveryCodes } = await turnOnSecondFactor(server, viewer);
  codes = [codeOf(secret, 1n), ...recoveryCodes];
});
afterAll(() => server.stop());

const ask = (query: string, input?: object, by: Trader = viewer): Promise<Answer> =>
  server.ask(by, query, input);

/** A code that was not used yet. */
const nextCode = () => codes.shift();
const keyId = () => trader.apiKey.split('_')[1];

/** What needs a code: the mutation, its input, and the answer with a right code. */
const GUARDED: readonly (readonly [string, string, () => object, object])[] = [
  [
    'a new key',
    CREATE,
    () => ({ name: 'bot', scopes: ['ACCOUNT_READ'] }),
    { secret: expect.any(String) as unknown },
  ],
  ['a new secret', ROTATE, () => ({ id: keyId() }), { secret: expect.any(String) as unknown }],
  [
    'other addresses',
    UPDATE,
    () => ({ id: keyId(), ipAllowList: ['203.0.113.7'] }),
    { apiKey: { ipAllowList: ['203.0.113.7'] } },
  ],
  [
    'an invitation',
    INVITE,
    () => ({ accountId: trader.accountId, role: 'OWNER' }),
    { role: 'OWNER' },
  ],
  [
    'the removal of a member',
    REMOVE,
    () => ({ accountId: trader.accountId, userId: member.userId }),
    { __typename: 'MemberRemoved' },
  ],
  [
    'a withdrawal',
    WITHDRAW,
    () => ({ transferId: 'out', accountId: trader.accountId, asset: 'USDT', amount: '1' }),
    { replayed: false },
  ],
];

const OUT = { asset: 'USDT', amount: '101' };
let ids = 0;

/** What is refused although the code is right: what is in the way ($1 is the user, $2 the account), what is asked, and the answer. */
const REFUSALS: readonly (readonly [string, string, string, () => object, object])[] = [
  [
    'a key without a name',
    'SELECT $1::text, $2::text',
    CREATE,
    () => ({ name: ' ', scopes: [] }),
    { reason: 'INVALID_INPUT' },
  ],
  [
    'a key beyond the most that a user has',
    `INSERT INTO api_keys (id, user_id, name, secret_hash, created_at)
      SELECT 'many' || n || $2, $1, 'many', '', now() FROM generate_series(1, 100) n`,
    CREATE,
    () => ({ name: 'bot', scopes: [] }),
    { reason: 'TOO_MANY_KEYS' },
  ],
  [
    'an address beyond the most that a user saves',
    `INSERT INTO withdrawal_addresses (id, user_id, asset_code, address, label, added_at, usable_from)
      SELECT 'many' || n || $2, $1, 'USDT', 'many' || n, 'many', now(), now()
      FROM generate_series(1, 100) n`,
    ADD_ADDRESS,
    () => ({ asset: 'USDT', address: 'TXk1', label: 'Cold wallet' }),
    { reason: 'TOO_MANY_ADDRESSES' },
  ],
  [
    'a withdrawal of more than there is',
    'SELECT $1::text, $2::text',
    WITHDRAW,
    () => ({ ...OUT, transferId: `more-${(ids += 1)}`, accountId: trader.accountId }),
    { reason: 'INSUFFICIENT_FUNDS' },
  ],
  [
    'the removal of the last owner',
    'SELECT $1::text, $2::text',
    REMOVE,
    () => ({ accountId: trader.accountId, userId: trader.userId }),
    { __typename: 'LastOwner' },
  ],
  [
    'an invitation to an account that is frozen',
    `UPDATE accounts SET trading_state = 'HALTED', frozen_at = now(), freeze_reason = 'taken over'
      WHERE id = $2 AND $1 <> ''`,
    INVITE,
    () => ({ accountId: trader.accountId, role: 'VIEWER' }),
    { __typename: 'AccountFrozen' },
  ],
  [
    'an invitation to an account that is no longer theirs',
    'DELETE FROM account_members WHERE user_id = $1 AND account_id = $2',
    INVITE,
    () => ({ accountId: trader.accountId, role: 'VIEWER' }),
    { __typename: 'AccountNotFound' },
  ],
];

describe('a signed-in user with a second factor', () => {
  it.each(GUARDED)('shows a code for %s', async (_what, query, input, done) => {
    const asked = input();
    expect(await ask(query, asked)).toMatchObject({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await ask(query, { ...asked, code: '000000' })).toMatchObject({
      reason: 'SECOND_FACTOR_INVALID',
    });
    const code = nextCode();
    expect(await ask(query, { ...asked, code })).toMatchObject(done);
    // Each code is valid once, wherever it was used.
    const again = { name: 'other', scopes: [], code };
    expect(await ask(CREATE, again)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });

  it('shows none by an API key, for the name of a key, or without a second factor', async () => {
    const [[, create, made] = []] = GUARDED;
    expect(await ask(create ?? '', made?.(), viewerOf(trader))).toHaveProperty('secret');
    expect(await ask(UPDATE, { id: keyId(), name: 'Grid' })).toMatchObject({
      apiKey: { name: 'Grid' },
    });
    const other = await server.aTrader();
    expect(await ask(create ?? '', made?.(), signedIn(other))).toHaveProperty('secret');
  });

  it.each(REFUSALS)(
    'does not use a code up for %s',
    async (_what, prepare, query, input, refusal) => {
      await server.sql(prepare, [trader.userId, trader.accountId]);
      // One of the app, and one for recovery.
      for (const code of [nextCode(), nextCode()]) {
        expect(await ask(query, { ...input(), code })).toMatchObject(refusal);
        expect(await ask(UPDATE, { id: keyId(), ipAllowList: ['::1'], code })).toHaveProperty(
          'apiKey',
        );
      }
    },
  );

  it.each(['of the app', 'for recovery'])(
    'does one thing with one code %s, if several are asked for at once',
    async (kind) => {
      if (kind === 'for recovery') nextCode();
      const code = nextCode();
      const made = await Promise.all(
        Array.from({ length: 4 }, () => ask(CREATE, { name: 'bot', scopes: [], code })),
      );
      expect(made.filter((answer) => 'secret' in answer)).toHaveLength(1);
      expect(made.filter(({ reason }) => reason === 'SECOND_FACTOR_INVALID')).toHaveLength(3);
      const actions = await server.sql(
        'SELECT action::text FROM audit_entries WHERE user_id = $1 ORDER BY sequence DESC LIMIT 9',
        [trader.userId],
      );
      const count = (action: string) => actions.filter((row) => row['action'] === action).length;
      expect(count('RECOVERY_CODE_USED')).toBe(kind === 'for recovery' ? 1 : 0);
      // One was made with the trader.
      expect(count('API_KEY_CREATED')).toBe(2);
    },
  );

  it('repeats the removal of a member with the same code, or with none', async () => {
    const input = { accountId: trader.accountId, userId: member.userId };
    const [code, other] = [nextCode(), nextCode()];
    const twins = await Promise.all([
      ask(REMOVE, { ...input, code }),
      ask(REMOVE, { ...input, code }),
    ]);
    expect(twins.map(Object.values).flat().toSorted()).toEqual(['MemberNotFound', 'MemberRemoved']);
    expect(await ask(REMOVE, { ...input, code: other })).toEqual({ __typename: 'MemberNotFound' });
    expect(await ask(REMOVE, input)).toEqual({ __typename: 'MemberNotFound' });
    expect(await ask(CREATE, { name: 'bot', scopes: [], code: other })).toHaveProperty('secret');
  });

  it('repeats a withdrawal with the code that the first request used up, or with none', async () => {
    const input = { transferId: 'out', accountId: trader.accountId, asset: 'USDT', amount: '1' };
    const code = nextCode();
    expect(await ask(WITHDRAW, { ...input, code })).toEqual({ replayed: false });
    expect(await ask(WITHDRAW, { ...input, code })).toEqual({ replayed: true });
    expect(await ask(WITHDRAW, input)).toEqual({ replayed: true });
    expect(await ask(WITHDRAW, { ...input, amount: '50' })).toEqual({
      differingFields: ['amount'],
    });
  });

  it.each(['of the app', 'for recovery'])(
    'asks for one withdrawal several times at once with one code %s',
    async (kind) => {
      const input = { transferId: 'out', accountId: trader.accountId, asset: 'USDT', amount: '1' };
      if (kind === 'for recovery') nextCode();
      const code = nextCode();
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => ask(WITHDRAW, { ...input, code })),
      );
      expect(answers.map(({ replayed }) => replayed).toSorted()).toEqual([false, true, true, true]);
      // The code is right for nothing else.
      for (const change of [{ transferId: 'more' }, { transferId: 'more', amount: '2' }])
        expect(await ask(WITHDRAW, { ...input, ...change, code })).toEqual({
          reason: 'SECOND_FACTOR_INVALID',
        });
    },
  );

  it('repeats a withdrawal that failed with the same code, and no other one', async () => {
    const input = { transferId: 'out', accountId: trader.accountId, asset: 'USDT', amount: '1' };
    const code = nextCode();
    await server.sql(
      `ALTER TABLE transfers ADD CONSTRAINT fault CHECK (from_account_id <> '${trader.accountId}')`,
    );
    const { errors } = await server.subgraph.request(viewer, WITHDRAW, {
      input: { ...input, code },
    });
    expect(errors).toHaveLength(1);
    await server.sql('ALTER TABLE transfers DROP CONSTRAINT fault');
    expect(await ask(WITHDRAW, { ...input, amount: '50', code })).toEqual({
      reason: 'SECOND_FACTOR_INVALID',
    });
    expect(await ask(WITHDRAW, { ...input, code })).toEqual({ replayed: false });
  });

  it('is asked no more after five wrong codes', async () => {
    for (let guess = 0; guess < 5; guess += 1)
      expect(await ask(CREATE, { name: 'bot', scopes: [], code: '000000' })).toEqual({
        reason: 'SECOND_FACTOR_INVALID',
      });
    const code = nextCode();
    expect(await ask(CREATE, { name: 'bot', scopes: [], code })).toEqual({
      reason: 'TOO_MANY_ATTEMPTS',
    });
  });
});
