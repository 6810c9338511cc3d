import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketClient } from '../fixtures/socket-client.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import { signedIn } from './support/sign-in.ts';
import { TraderClient } from './support/trader-client.ts';

// A user signs in at two places. The streams of one end with its session, those of the other continue.
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { accessToken refreshToken session { id address } }
} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
  ... on SignedIn { accessToken refreshToken } ... on RefreshRefused { reason }
} }`;
const BALANCES = `subscription ($accountId: ID!) { balanceChanged(accountId: $accountId) {
  ... on BalanceSnapshot { sequence }
} }`;
const PASSWORD = 'open sesame';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly session: { readonly id: string; readonly address: string };
}

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader({ USDT: '10' }, { password: PASSWORD });
});
afterAll(() => desk.stop());

async function signIn(): Promise<Tokens> {
  const input = { email: trader.email, password: PASSWORD };
  return (await desk.anonymous().request<{ signIn: Tokens }>(SIGN_IN, { input })).signIn;
}

async function refresh(refreshToken: string) {
  const { refreshSession } = await desk
    .anonymous()
    .request<{ refreshSession: Partial<Tokens> & { readonly reason?: string } }>(REFRESH, {
      input: { refreshToken },
    });
  return refreshSession;
}

/** A socket of this sign-in with a private stream that flows. */
async function streaming(
  { accessToken }: Tokens,
  accountId = trader.accountId,
): Promise<SocketClient> {
  const client = await SocketClient.connect(desk.gateway, {
    authorization: `Bearer ${accessToken}`,
  });
  client.subscribe('1', BALANCES, { accountId });
  expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
  return client;
}

async function mutate({ accessToken }: Tokens, query: string): Promise<void> {
  const response = await fetch(`${desk.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query }),
  });
  expect(await response.json()).not.toHaveProperty('errors');
}

describe('the streams of a sign-in', () => {
  it.each([
    ['it is signed out', ({ tokens }) => mutate(tokens, 'mutation { signOut { endedAt } }')],
    [
      'the session is ended from the other one',
      ({ tokens, other }) =>
        mutate(
          other,
          `mutation { endSession(input: { id: "${tokens.session.id}" }) { __typename } }`,
        ),
    ],
    [
      'its refresh token is used twice',
      async ({ tokens: { refreshToken } }) => {
        expect(await refresh(refreshToken)).toHaveProperty('accessToken');
        expect(await refresh(refreshToken)).toEqual({ reason: 'REFRESH_TOKEN_REUSED' });
      },
    ],
  ] satisfies [string, (all: { tokens: Tokens; other: Tokens }) => Promise<void>][])(
    'end when %s, and no others',
    async (_how, end) => {
      const [tokens, other] = [await signIn(), await signIn()];
      expect(tokens.session.address).toBe('127.0.0.1');
      const [ending, lasting] = [await streaming(tokens), await streaming(other)];
      await end({ tokens, other });
      expect(await ending.closed).toEqual({ code: 4403, reason: 'Credential ended' });
      await lasting.settle();
      await lasting.close();
    },
  );
});

describe('a password that is changed', () => {
  const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
    ... on PasswordChanged { endedSessions signedIn { accessToken refreshToken session { id } } }
    ... on ChangePasswordRefused { reason message }
  } }`;
  interface Changed {
    readonly changePassword: {
      readonly endedSessions: number;
      readonly signedIn: Tokens;
    };
  }
  const NEXT = 'open sesame, again';

  /** Somebody of whom no other test ends a session. */
  async function someone() {
    const person = await desk.aTrader({}, { password: PASSWORD });
    const { email, accountId, apiKey } = person;
    const signInWith = async (password: string) =>
      (await desk.anonymous().request<{ signIn: Tokens }>(SIGN_IN, { input: { email, password } }))
        .signIn;
    const clientOf = ({ accessToken }: Tokens) =>
      desk.aClientWith({ email, accountId, apiKey: apiKey ?? '', accessToken });
    return { accountId, apiKey, signInWith, clientOf };
  }

  it('ends the streams of all other sessions with 4403, but not its own nor those of any key', async () => {
    const { accountId, apiKey, signInWith, clientOf } = await someone();
    const [mine, other] = [await signInWith(PASSWORD), await signInWith(PASSWORD)];
    const [lasting, ending] = [await streaming(mine, accountId), await streaming(other, accountId)];
    const ofKey = await SocketClient.connect(desk.gateway, { apiKey });
    const input = { currentPassword: PASSWORD, newPassword: NEXT };
    const { changePassword } = await clientOf(mine).request<Changed>(CHANGE, { input });
    expect(changePassword).toMatchObject({
      ...{ endedSessions: 1, signedIn: { session: { id: mine.session.id } } },
    });
    expect(await ending.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    for (const client of [lasting, ofKey]) await client.settle();
    for (const client of [lasting, ofKey]) await client.close();
    expect(await refresh(mine.refreshToken)).toEqual({ reason: 'REFRESH_TOKEN_INVALID' });
    const { refreshToken } = changePassword.signedIn;
    expect(await refresh(refreshToken)).toHaveProperty('accessToken');
    expect(await signInWith(PASSWORD)).toEqual({});
    expect(await signInWith(NEXT)).toHaveProperty('accessToken');
  });

  it.each([
    ['the new one is short', { newPassword: 'short' }, 'NEW_PASSWORD_INVALID'],
    ['the current one is wrong', { currentPassword: NEXT }, 'PASSWORD_INVALID'],
  ])('stays when %s', async (_what, change, reason) => {
    const { signInWith, clientOf } = await someone();
    const mine = await signInWith(PASSWORD);
    const input = { currentPassword: PASSWORD, newPassword: NEXT, ...change };
    expect(await clientOf(mine).request(CHANGE, { input })).toMatchObject({
      changePassword: { reason },
    });
    expect(await refresh(mine.refreshToken)).toHaveProperty('accessToken');
  });

  it('cannot be changed by a key, nor without a credential', async () => {
    const input = { currentPassword: PASSWORD, newPassword: NEXT };
    for (const [client, code] of [
      [trader, 'FORBIDDEN'],
      [desk.anonymous(), 'UNAUTHENTICATED'],
    ] as const) {
      const { errors } = await client.send(CHANGE, { input });
      expect(errors?.[0]?.extensions['code']).toBe(code);
    }
  });
});

describe('the streams of a key', () => {
  const MEMBERS = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }`;
  const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    ... on ApiKeyCreated { secret apiKey { id } }
  } }`;
  interface Created {
    readonly createApiKey: { readonly secret: string; readonly apiKey: { readonly id: string } };
  }

  async function streamingBy(apiKey: string): Promise<SocketClient> {
    const client = await SocketClient.connect(desk.gateway, { apiKey });
    client.subscribe('1', BALANCES, { accountId: trader.accountId });
    expect(await client.next()).toMatchObject({ id: '1', type: 'next' });
    return client;
  }

  async function aKey(input: object = {}) {
    const { createApiKey } = await trader.request<Created>(CREATE, {
      input: { name: 'bot', scopes: ['ACCOUNT_READ'], ...input },
    });
    return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
  }

  it('end with 4403 when it is revoked or expires, and no others do', async () => {
    const [ending, lasting] = [await aKey(), await aKey()];
    const others = await streamingBy(lasting.secret);
    const ended = await streamingBy(ending.secret);
    await trader.request(`mutation { revokeApiKey(input: { id: "${ending.id}" }) { __typename } }`);
    expect(await ended.closed).toEqual({ code: 4403, reason: 'Credential ended' });
    const expiresAt = new Date(Date.now() + 3000).toISOString();
    const over = await streamingBy((await aKey({ expiresAt })).secret);
    expect(await over.closed).toMatchObject({ code: 4403 });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    await others.settle();
    await others.close();
  });

  it("end with 4403 when its user loses the role on the account, and the owner's continue", async () => {
    const guest = await desk.aTrader({}, { password: PASSWORD });
    const { viewer } = await guest.request<{ viewer: { id: string } }>('{ viewer { id } }');
    const owner = await signedIn(desk, trader, PASSWORD);
    const { inviteToAccount } = await owner.request<{ inviteToAccount: { code: string } }>(
      `mutation ($input: InviteToAccountInput!) {
        inviteToAccount(input: $input) { ... on InvitationMade { code } }
      }`,
      { input: { accountId: trader.accountId, role: 'VIEWER' } },
    );
    const invited = await signedIn(desk, guest, PASSWORD);
    await invited.request(
      'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }',
      { input: { code: inviteToAccount.code } },
    );
    const owners = await streamingBy(trader.apiKey ?? '');
    // The gateway believes what it knew of the key for a second.
    const accounts = async () =>
      JSON.stringify(await guest.request('{ viewer { accounts { id } } }'));
    await expect.poll(accounts).toContain(trader.accountId);
    const guests = await streamingBy(guest.apiKey ?? '');
    const { accountId } = trader;
    await owner.request(MEMBERS, { input: { accountId, userId: viewer.id } });
    expect(await guests.closed).toEqual({ code: 4403, reason: 'Permissions changed' });
    await owners.settle();
    await owners.close();
  });
});
