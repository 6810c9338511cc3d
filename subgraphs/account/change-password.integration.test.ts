import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { codeOf } from './test-authenticator.ts';
import { whileLocked } from './test-locks.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { GATEWAY, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const [OLD, NEW] = ['open sesame, please', 'correct horse ✓ 東京'];
const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const TOKENS = 'accessToken refreshToken session { id }';
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  ... on PasswordChanged { endedSessions signedIn { ${TOKENS} } }
  ... on ChangePasswordRefused { reason }
} }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { ${TOKENS} } ... on SignInRefused { reason }
} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
  ... on SignedIn { ${TOKENS} } ... on RefreshRefused { reason }
} }`;
const END = `mutation ($input: EndSessionInput!) { endSession(input: $input) { __typename } }`;
const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) { principal { userId } }
}`;
const TRAIL = '{ viewer { auditTrail { edges { node { action sessionId address } } } } }';

interface Answer {
  readonly reason?: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly session: { readonly id: string };
  readonly signedIn?: Omit<Answer, 'reason' | 'signedIn' | 'endedSessions'>;
  readonly endedSessions?: number;
}

let server: TestServer;
let places = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Somebody with a password, at an address of their own, so that the tries of one test are not another's. */
async function aPerson() {
  const trader = await server.aTrader({}, { password: OLD });
  const here = { address: `203.0.113.${(places += 1)}`, userAgent: null };
  const ask = (viewer: Viewer, query: string, input: object, origin = here) =>
    server.ask<Answer>(viewer, query, input, origin);
  const signIn = (password = OLD, code?: string, origin = here) =>
    ask(NOBODY, SIGN_IN, { email: trader.email, password, code }, origin);
  const first = await signIn();
  const viewerIn = ({ session }: Answer): Trader => {
    const sessionId = trusted(parseSessionId, session.id);
    return { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
  };
  const viewer = viewerIn(first);
  const change = (input: object = {}, who = viewer, origin = here) =>
    ask(who, CHANGE, { currentPassword: OLD, newPassword: NEW, ...input }, origin);
  return { trader, here, first, viewer, viewerIn, ask, signIn, change };
}

async function isGood(credential: object): Promise<boolean> {
  const { data } = await server.subgraph.request<{
    authenticate: { readonly principal: object | null };
  }>(GATEWAY, AUTHENTICATE, { credential });
  return data.authenticate.principal !== null;
}

async function trailOf(viewer: Trader) {
  const { data } = await server.subgraph.request<{
    viewer: { auditTrail: { edges: { node: { action: string; sessionId: string | null } }[] } };
  }>(viewer, TRAIL);
  return data.viewer.auditTrail.edges.map(({ node }) => node);
}

describe('changing a password', () => {
  it('ends all other sessions and keeps the present one, with other tokens, and the keys', async () => {
    const { trader, here, first, viewer, ask, signIn, change } = await aPerson();
    const [other, another] = [await signIn(), await signIn()];
    const { signedIn, endedSessions } = await change();
    expect(endedSessions).toBe(2);
    expect(signedIn?.session.id).toBe(first.session.id);
    for (const { accessToken } of [other, another])
      expect(await isGood({ accessToken })).toBe(false);
    for (const credential of [
      { accessToken: signedIn?.accessToken },
      { accessToken: first.accessToken },
      { apiKey: trader.apiKey },
    ])
      expect(await isGood(credential)).toBe(true);
    expect(await signIn(OLD)).toEqual({ reason: 'CREDENTIALS_INVALID' });
    expect((await signIn(NEW)).session).toBeDefined();
    const [noted] = (await trailOf(viewer)).filter(({ action }) => action === 'PASSWORD_CHANGED');
    expect(noted).toMatchObject({ sessionId: first.session.id, address: here.address });
    // A copy of the previous refresh token is worth nothing, and ends nothing.
    const refresh = (refreshToken = '') => ask(NOBODY, REFRESH, { refreshToken });
    expect(await refresh(first.refreshToken)).toEqual({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await refresh(signedIn?.refreshToken)).session.id).toBe(first.session.id);
  });

  it.each([
    ['a short password', { newPassword: 'x'.repeat(11) }, 'NEW_PASSWORD_INVALID'],
    ['a password without end', { newPassword: 'x'.repeat(1025) }, 'NEW_PASSWORD_INVALID'],
    ['a wrong password', { currentPassword: NEW }, 'PASSWORD_INVALID'],
    ['no password', { currentPassword: '' }, 'PASSWORD_INVALID'],
    ['more than any password', { currentPassword: 'x'.repeat(1025) }, 'PASSWORD_INVALID'],
  ])('with %s is refused, and changes nothing', async (_what, input, reason) => {
    const { first, signIn, change } = await aPerson();
    expect(await change(input)).toEqual({ reason });
    expect(await isGood({ accessToken: first.accessToken })).toBe(true);
    expect((await signIn(OLD)).session).toBeDefined();
  });

  it('is for people who have one, and who have signed in', async () => {
    const { trader, viewer, change } = await aPerson();
    const { errors } = await server.subgraph.request(viewerOf(trader), CHANGE, {
      input: { currentPassword: OLD, newPassword: NEW },
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await server.sql('UPDATE users SET password_hash = NULL WHERE id = $1', [trader.userId]);
    expect(await change()).toEqual({ reason: 'NO_PASSWORD' });
    expect((await trailOf(viewer)).map(({ action }) => action)).not.toContain('PASSWORD_CHANGED');
  });

  it('is done by one of four requests at once', async () => {
    const people = await aPerson();

    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, number) => people.change({ newPassword: `${NEW} ${number}` })),
    );
    const done = answers.findIndex(({ signedIn }) => signedIn !== undefined);
    expect(answers.filter(({ reason }) => reason === 'PASSWORD_INVALID')).toHaveLength(3);
    expect((await people.signIn(`${NEW} ${done}`)).session).toBeDefined();
  });
});

describe('a stolen session', () => {
  it('guesses five passwords, which count as sign-ins and are noted, and then neither does', async () => {
    const { first, viewer, signIn, change } = await aPerson();
    const far = { address: `198.51.100.${(places += 1)}`, userAgent: null };
    const tries = [];
    for (let n = 0; n < 6; n += 1)
      tries.push((await change({ currentPassword: `guess ${n}` }, viewer, far)).reason);
    expect(tries).toEqual([
      ...Array.from({ length: 5 }, () => 'PASSWORD_INVALID'),
      'TOO_MANY_ATTEMPTS',
    ]);
    expect(await change({}, viewer, far)).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await signIn(OLD, undefined, far)).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    const noted = async () =>
      (await trailOf(viewer)).filter(({ action }) => action === 'PASSWORD_CHANGE_FAILED');
    await expect.poll(async () => (await noted()).length).toBe(5);
    expect((await noted())[0]).toMatchObject({ sessionId: first.session.id, address: far.address });
    // The person is known elsewhere, and not locked out.
    expect((await change()).signedIn).toBeDefined();
  });

  it('guesses five passwords in all, however many networks it is refreshed at', async () => {
    const { first, viewer, ask, signIn, change } = await aPerson();
    let { refreshToken } = first;
    const tries: unknown[] = [];
    for (let network = 0; network < 4; network += 1) {
      const far = { address: `192.0.2.${network}`, userAgent: null };
      ({ refreshToken } = await ask(NOBODY, REFRESH, { refreshToken }, far));
      tries.push((await change({ currentPassword: 'guess' }, viewer, far)).reason);
      tries.push((await signIn('guess', undefined, far)).reason);
    }
    expect(tries.filter((reason) => reason !== 'TOO_MANY_ATTEMPTS')).toHaveLength(5);
    // Where the session was begun, its user is known, and not locked out.
    expect((await signIn()).session).toBeDefined();
  });

  it('that has been ended changes nothing, even by a request that was on its way', async () => {
    const { first, viewer, viewerIn, ask, signIn } = await aPerson();
    const other = await signIn();
    await ask(viewerIn(other), END, { id: first.session.id });
    const { errors } = await server.subgraph.request(viewer, CHANGE, {
      input: { currentPassword: OLD, newPassword: NEW },
    });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await signIn(OLD)).session).toBeDefined();
    expect(await isGood({ accessToken: other.accessToken })).toBe(true);
  });
});

describe('who knows the old password', () => {
  it('is not signed in by a request that was checked before the change', async () => {
    const { trader, signIn } = await aPerson();
    const held = {
      lock: 'SELECT id FROM users WHERE id = $1 FOR UPDATE',
      change: `UPDATE users SET password_hash = 'changed' WHERE id = $1`,
      parameters: [trader.userId],
    };
    const answer = await whileLocked(server, held, () => signIn(OLD));
    expect(answer).toEqual({ reason: 'CREDENTIALS_INVALID' });
  });

  it('and refreshes the session meanwhile is refused, and the session goes on', async () => {
    const { first, ask } = await aPerson();
    const { refreshToken, accessToken, session } = first;
    const held = {
      lock: 'SELECT id FROM sessions WHERE id = $1 FOR UPDATE',
      change: `UPDATE sessions SET family_hash = 'other', token_hash = 'other' WHERE id = $1`,
      parameters: [session.id],
    };
    const answer = await whileLocked(server, held, () => ask(NOBODY, REFRESH, { refreshToken }));
    expect(answer).toEqual({ reason: 'REFRESH_TOKEN_INVALID' });
    expect(await isGood({ accessToken })).toBe(true);
  });
});

describe('a second factor', () => {
  it('is asked for, each code once', async () => {
    const { viewer, signIn, change } = await aPerson();
    const { secret, usedCode, recoveryCodes } = await turnOnSecondFactor(server, viewer, {
      currentPassword: OLD,
    });
    const next = codeOf(secret, 1n);
    expect(await change()).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await change({ code: usedCode })).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    expect(await change({ code: next, currentPassword: NEW })).toEqual({
      reason: 'PASSWORD_INVALID',
    });
    // That code was not looked at, and is good.
    expect((await change({ code: next })).signedIn).toBeDefined();
    expect(await signIn(NEW, next)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    const back = { currentPassword: NEW, newPassword: OLD, code: recoveryCodes[0] };
    expect((await change(back)).signedIn).toBeDefined();
    expect(await change({ code: recoveryCodes[0] })).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });

  it('is not asked for in vain: a code is used up with the change, or with the sign-in', async () => {
    const { trader, first, viewer, viewerIn, ask, signIn, change } = await aPerson();
    const proof = { currentPassword: OLD };
    const { secret, recoveryCodes } = await turnOnSecondFactor(server, viewer, proof);
    const other = await signIn(OLD, recoveryCodes[0]);
    await ask(viewerIn(other), END, { id: first.session.id });
    const code = codeOf(secret, 1n);
    const input = { currentPassword: OLD, newPassword: NEW, code };
    const { errors } = await server.subgraph.request(viewer, CHANGE, { input });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const held = {
      lock: 'SELECT id FROM users WHERE id = $1 FOR UPDATE',
      change: `UPDATE users SET password_hash = password_hash || '~' WHERE id = $1`,
      parameters: [trader.userId],
    };
    const refused = await whileLocked(server, held, () => signIn(OLD, code));
    expect(refused).toEqual({ reason: 'CREDENTIALS_INVALID' });
    const back = `UPDATE users SET password_hash = rtrim(password_hash, '~') WHERE id = $1`;
    await server.sql(back, [trader.userId]);
    expect((await change({ code }, viewerIn(other))).signedIn).toBeDefined();
  });
});
