import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { codeOf } from './test-authenticator.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

// A thief who guesses codes uses up their own tries, and nobody else's.

const PASSWORD = 'open sesame, please';
const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { session { id } } ... on SignInRefused { reason }
} }`;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  ... on PasswordChanged { endedSessions } ... on ChangePasswordRefused { reason }
} }`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on ApiKeyCreated { secret } ... on ApiKeyRefused { reason }
} }`;

interface Answer {
  readonly reason?: string;
  readonly secret?: string;
  readonly session?: { readonly id: string };
  readonly endedSessions?: number;
}

const HOME = { address: '198.51.100.1', userAgent: null };
const ELSEWHERE = { address: '203.0.113.9', userAgent: null };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const ask = (viewer: Viewer, query: string, input: object, origin = HOME): Promise<Answer> =>
  server.ask(viewer, query, input, origin);

/** A user with a second factor, who has signed in at home, and their unused recovery codes. */
async function aUserAtHome() {
  const trader = await server.aTrader({}, { password: PASSWORD });
  const signIn = (code?: string, origin = HOME, password = PASSWORD) =>
    ask(NOBODY, SIGN_IN, { email: trader.email, password, code }, origin);
  const viewerIn = ({ session }: Answer): Trader => {
    const sessionId = trusted(parseSessionId, session?.id ?? '');
    return { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
  };
  const viewer = viewerIn(await signIn());
  const secondFactor = { currentPassword: PASSWORD, origin: HOME };
  const { secret, recoveryCodes } = await turnOnSecondFactor(server, viewer, secondFactor);
  const codes = [...recoveryCodes];
  return {
    ...{ viewer, viewerIn, signIn },
    /** For recovery. */
    nextCode: () => codes.shift() ?? '',
    /** Of the device, and good as long as none was used. */
    deviceCode: () => codeOf(secret, 1n),
  };
}

type UserAtHome = Awaited<ReturnType<typeof aUserAtHome>>;

/** Somebody elsewhere who has the password guesses codes until they have to wait. */
async function guessElsewhere({ signIn }: UserAtHome): Promise<void> {
  for (let guess = 0; guess < 5; guess += 1)
    expect(await signIn('000000', ELSEWHERE)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  expect(await signIn('000000', ELSEWHERE)).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
}

describe('guessing codes', () => {
  it('with a stolen password does not keep the user from signing in at home', async () => {
    const user = await aUserAtHome();
    await guessElsewhere(user);
    expect(await user.signIn(user.nextCode())).toHaveProperty('session');
    // The guesser gains nothing by that.
    const elsewhere = () => user.signIn(user.deviceCode(), ELSEWHERE);
    expect(await elsewhere()).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await user.signIn(user.deviceCode())).toHaveProperty('session');
  });

  it('with a stolen password does not keep the user from signing in anywhere with a recovery code', async () => {
    const user = await aUserAtHome();
    await guessElsewhere(user);
    const wrong = await user.signIn('abcd-efgh-ijkl-mnop', ELSEWHERE);
    expect(wrong).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    const code = user.nextCode();
    expect(await user.signIn(code, ELSEWHERE)).toHaveProperty('session');
    expect(await user.signIn(code, ELSEWHERE)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });

  it('with a stolen password does not keep the user from changing it', async () => {
    const user = await aUserAtHome();
    await guessElsewhere(user);
    const input = { currentPassword: PASSWORD, newPassword: 'another one, please' };
    expect(await ask(user.viewer, CHANGE, { ...input, code: user.nextCode() })).toEqual({
      endedSessions: 0,
    });
  });

  it('with a stolen password at home does not keep the user from changing it, and then from signing in there', async () => {
    const user = await aUserAtHome();
    for (let guess = 0; guess < 5; guess += 1) await user.signIn('000000');
    expect(await user.signIn('000000')).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    const newPassword = 'another one, please';
    const input = { currentPassword: PASSWORD, newPassword, code: user.nextCode() };
    expect(await ask(user.viewer, CHANGE, input)).toEqual({ endedSessions: 0 });
    expect(await user.signIn(user.nextCode(), HOME, newPassword)).toHaveProperty('session');
  });

  it('of many users whose passwords are stolen is limited at each address', async () => {
    const origin = { ...ELSEWHERE, address: '192.0.2.77' };
    for (let robbed = 0; robbed < 5; robbed += 1) {
      const { signIn } = await aUserAtHome();
      for (let guess = 0; guess < 4; guess += 1)
        expect(await signIn('000000', origin)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    }
    const { signIn } = await aUserAtHome();
    expect(await signIn('000000', origin)).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await signIn('000000')).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });

  const create = (viewer: Trader, code: string, origin = HOME) =>
    ask(viewer, CREATE, { name: 'bot', scopes: [], code }, origin);
  async function guessIn(viewer: Trader, origin: typeof HOME): Promise<void> {
    for (let guess = 0; guess < 5; guess += 1)
      expect(await create(viewer, '000000', origin)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  }

  it('in a stolen session uses up the tries of that session there, and no others', async () => {
    const user = await aUserAtHome();
    const other = user.viewerIn(await user.signIn(user.nextCode()));
    await guessIn(user.viewer, ELSEWHERE);
    for (const origin of [ELSEWHERE, { ...ELSEWHERE, address: '192.0.2.1' }])
      expect(await create(user.viewer, user.deviceCode(), origin)).toEqual({
        reason: 'TOO_MANY_ATTEMPTS',
      });
    expect(await create(user.viewer, user.deviceCode())).toHaveProperty('secret');
    expect(await create(other, user.nextCode(), ELSEWHERE)).toHaveProperty('secret');
  });

  it('in a stolen session on the network of its user leaves their other sessions there alone', async () => {
    const user = await aUserAtHome();
    const other = user.viewerIn(await user.signIn(user.nextCode()));
    await guessIn(user.viewer, HOME);
    expect(await create(user.viewer, user.deviceCode())).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await create(other, user.nextCode())).toHaveProperty('secret');
    // The robbed user signs in again, and goes on.
    const next = user.viewerIn(await user.signIn(user.nextCode()));
    expect(await create(next, user.nextCode())).toHaveProperty('secret');
  });
});
