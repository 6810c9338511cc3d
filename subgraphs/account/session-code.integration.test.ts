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
  ... on InvitationMade { role code } ... on InviteRefused { ${REFUSED} }
} }`;
const REMOVE = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) {
  __typename ... on RemoveMemberRefused { ${REFUSED} }
} }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  __typename
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

  it('does not use a code up for what is refused for another reason', async () => {
    const code = nextCode();
    expect(await ask(CREATE, { name: ' ', scopes: [], code })).toEqual({
      reason: 'INVALID_INPUT',
    });
    expect(await ask(CREATE, { name: 'bot', scopes: [], code })).toHaveProperty('secret');
  });

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
    await server.sql('BEGIN');
    await server.sql('SELECT id FROM accounts WHERE id = $1 FOR UPDATE', [trader.accountId]);
    const { errors } = await server.subgraph.request(viewer, WITHDRAW, {
      input: { ...input, code },
    });
    expect(errors).toHaveLength(1);
    await server.sql('ROLLBACK');
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
