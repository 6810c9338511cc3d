import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { isNone, isPlain, telltale } from '#shared/identity/test-telltale.ts';
import { TEST_ORIGIN } from '#shared/subgraph/test-subgraph.ts';
import { ScryptPasswordHasher } from './identity/passwords/scrypt-password-hasher.ts';
import { GATEWAY, startTestServer, type TestServer, viewerOf } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const SIGNED_IN = '__typename accessToken expiresAt refreshToken session { id isCurrent }';
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { ${SIGNED_IN} } ... on SignInRefused { reason }
} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
  ... on SignedIn { ${SIGNED_IN} } ... on RefreshRefused { reason message }
} }`;
const END = `mutation ($input: EndSessionInput!) { endSession(input: $input) {
  ... on SessionEnded { session { id endedAt } } ... on SessionNotFound { id message }
} }`;
const SESSIONS = `{ viewer { sessions {
  id isCurrent address userAgent createdAt refreshedAt expiresAt endedAt
} } }`;
const AUTHENTICATE = `query ($credential: CredentialInput!) {
  authenticate(credential: $credential) { principal { userId keyId sessionId scopes } }
}`;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly session: { readonly id: string };
}

let server: TestServer;
let trader: Awaited<ReturnType<TestServer['aTrader']>>;
beforeAll(async () => {
  server = await startTestServer();
  trader = await server.aTrader({}, { password: 'open sesame' });
});
afterAll(() => server.stop());

async function signIn(): Promise<Tokens> {
  const input = { email: trader.email.toUpperCase(), password: 'open sesame' };
  const { data } = await server.subgraph.request<{ signIn: Tokens }>(NOBODY, SIGN_IN, { input });
  return data.signIn;
}

async function refresh({ refreshToken }: Tokens) {
  const input = { refreshToken };
  const { data } = await server.subgraph.request<{
    refreshSession: Tokens & { readonly reason?: string };
  }>(NOBODY, REFRESH, { input });
  return data.refreshSession;
}

/** The trader as the gateway tells of them who shows an access token of this sign-in. */
function signedInAs({ session }: Tokens): Trader {
  const sessionId = trusted(parseSessionId, session.id);
  return { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
}

async function isGood({ accessToken }: Tokens): Promise<boolean> {
  const { data } = await server.subgraph.request<{
    authenticate: { readonly principal: object | null };
  }>(GATEWAY, AUTHENTICATE, { credential: { accessToken } });
  return data.authenticate.principal !== null;
}

describe('signing in', () => {
  it('gives a pair of tokens; the second gives the next pair', async () => {
    const first = await signIn();
    const { data } = await server.subgraph.request(GATEWAY, AUTHENTICATE, {
      credential: { accessToken: first.accessToken },
    });
    expect(data).toMatchObject({
      authenticate: {
        principal: { userId: trader.userId, keyId: null, sessionId: first.session.id },
      },
    });
    const second = await refresh(first);
    expect(second.session.id).toBe(first.session.id);
    expect(await isGood(first)).toBe(true);
    expect(await isGood(second)).toBe(true);
  });

  it('is over when a refresh token comes a second time: both access tokens are refused', async () => {
    const first = await signIn();
    const second = await refresh(first);
    expect((await refresh(first)).reason).toBe('REFRESH_TOKEN_REUSED');
    expect((await refresh(second)).reason).toBe('SESSION_ENDED');
    expect([await isGood(first), await isGood(second)]).toEqual([false, false]);
  });

  it('is listed with where it was begun, and ended one by one', async () => {
    await server.subgraph.request(
      viewerOf(trader),
      'mutation { signOutEverywhere { endedSessions } }',
    );
    const [one, other] = [await signIn(), await signIn()];
    const viewer = signedInAs(one);
    const list = async () =>
      (await server.subgraph.request<{ viewer: { sessions: { id: string }[] } }>(viewer, SESSIONS))
        .data.viewer.sessions;
    const listed = await list();
    expect(listed.map(({ id }) => id).sort()).toEqual([one.session.id, other.session.id].sort());
    expect(listed.find(({ id }) => id === one.session.id)).toMatchObject({
      ...{ isCurrent: true, endedAt: null, ...TEST_ORIGIN },
    });
    expect(listed.find(({ id }) => id === other.session.id)).toMatchObject({ isCurrent: false });

    const input = { id: other.session.id };
    const ended = await server.subgraph.request(viewer, END, { input });
    expect(ended.data).toMatchObject({ endSession: { session: { id: other.session.id } } });
    expect((await server.subgraph.request(viewer, END, { input })).data).toEqual(ended.data);
    expect([await isGood(one), await isGood(other)]).toEqual([true, false]);
    expect((await list()).map(({ id }) => id)).toEqual([one.session.id]);
  });

  it('of somebody else is as one that is not there, and stays what it was', async () => {
    const mine = await signIn();
    const stranger = viewerOf(await server.aTrader());
    for (const id of [mine.session.id, 'ses-0000000000000000000000', 'no id', '']) {
      const { data } = await server.subgraph.request(stranger, END, { input: { id } });
      expect(data).toEqual({ endSession: { id, message: 'You have no such session.' } });
    }
    expect(await isGood(mine)).toBe(true);
  });

  it('ends with signing out, which may be repeated; a key has nothing to sign out of', async () => {
    const tokens = await signIn();
    const signOut = (viewer: Viewer) =>
      server.subgraph.request(viewer, 'mutation { signOut { endedAt } }');
    const ended = await signOut(signedInAs(tokens));
    expect(ended.errors).toBeUndefined();
    expect((await signOut(signedInAs(tokens))).data).toEqual(ended.data);
    expect(await isGood(tokens)).toBe(false);
    const byKey = await signOut(viewerOf(trader));
    expect(byKey.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('everywhere is ended at once, and counted', async () => {
    await server.subgraph.request(
      viewerOf(trader),
      'mutation { signOutEverywhere { endedSessions } }',
    );
    const all = [await signIn(), await signIn(), await signIn()];
    const { data } = await server.subgraph.request(
      signedInAs(all[0] as Tokens),
      'mutation { signOutEverywhere { endedSessions } }',
    );
    expect(data).toEqual({ signOutEverywhere: { endedSessions: 3 } });
    for (const tokens of all) expect(await isGood(tokens)).toBe(false);
  });

  it('needs the right to manage credentials to end sign-ins with a key', async () => {
    const reader = viewerOf(trader, ['account:read']);
    for (const query of [
      'mutation { signOutEverywhere { endedSessions } }',
      'mutation { endSession(input: { id: "x" }) { __typename } }',
    ]) {
      const { errors } = await server.subgraph.request(reader, query);
      expect(errors?.[0]?.extensions).toMatchObject({ reason: 'SCOPE_MISSING' });
    }
  });

  it('is one refusal for an unknown user and a wrong password, and locks after five', async () => {
    const other = await server.aTrader({}, { password: 'open sesame' });
    const reasonFor = async (email: string, password: string) => {
      const { data } = await server.subgraph.request<{ signIn: { reason?: string } }>(
        NOBODY,
        SIGN_IN,
        {
          input: { email, password },
        },
      );
      return data.signIn.reason;
    };
    for (const email of [other.email, 'nobody@deskgraph.example']) {
      const tries = [];
      for (let n = 0; n < 6; n += 1) tries.push(await reasonFor(email, 'guess'));
      expect(tries).toEqual([
        ...Array.from({ length: 5 }, () => 'CREDENTIALS_INVALID'),
        'TOO_MANY_ATTEMPTS',
      ]);
    }
    expect(await reasonFor(other.email, 'open sesame')).toBe('TOO_MANY_ATTEMPTS');
  });

  it('is open to who is known where they are, however often strangers guess elsewhere', async () => {
    const { email } = await server.aTrader({}, { password: 'open sesame' });
    const from = async (address: string, password: string, as = email) => {
      const { data } = await server.subgraph.request<{ signIn: { reason?: string } }>(
        ...([NOBODY, SIGN_IN, { input: { email: as, password } }] as const),
        { ...TEST_ORIGIN, address },
      );
      return data.signIn.reason ?? 'SIGNED_IN';
    };
    const [home, far] = ['198.51.100.200', '203.0.113.77'];
    expect(await from(home, 'open sesame')).toBe('SIGNED_IN');
    for (let n = 0; n < 5; n += 1) await from(far, 'guess');
    expect(await from(far, 'open sesame')).toBe('TOO_MANY_ATTEMPTS');
    // Whatever they send as an address.
    for (let n = 0; n < 5; n += 1) await from(far, 'guess', `${email} ${home}`);
    expect(await from(home, 'open sesame')).toBe('SIGNED_IN');
    for (let n = 0; n < 5; n += 1) await from(home, 'guess');
    expect(await from(home, 'open sesame')).toBe('TOO_MANY_ATTEMPTS');
  });

  it('is tried once by each alias of one request', async () => {
    const { email } = await server.aTrader({}, { password: 'open sesame' });
    const tries = Array.from(
      { length: 8 },
      (_, index) => `a${index}: signIn(input: $input) { ... on SignInRefused { reason } }`,
    );
    const { data } = await server.subgraph.request<Record<string, { reason: string }>>(
      NOBODY,
      `mutation ($input: SignInInput!) { ${tries.join(' ')} }`,
      { input: { email, password: 'guess' } },
    );
    expect(Object.values(data).map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: 5 }, () => 'CREDENTIALS_INVALID'),
      ...Array.from({ length: 3 }, () => 'TOO_MANY_ATTEMPTS'),
    ]);
  });
});

describe('the time of a refused sign-in', () => {
  it('is the same for somebody who is not there and for a wrong password', async () => {
    // Dear enough that it would show if nothing were hashed, and tried from everywhere by few each.
    const passwords = new ScryptPasswordHasher({ costLog2: 11 });
    const slow = await startTestServer(systemClock, true, passwords);
    const people: string[] = [];
    for (let count = 0; count < 20; count += 1)
      people.push((await slow.aTrader({}, { password: 'open sesame' })).email);
    let tries = 0;
    const tryAs = (emailOf: (number: number) => string, password: string) => async () => {
      const number = (tries += 1);
      const origin = { address: `192.0.2.${number % 256}`, userAgent: null };
      const input = { email: emailOf(number), password };
      const { data } = await slow.subgraph.request(NOBODY, SIGN_IN, { input }, origin);
      expect(data).toEqual({ signIn: { reason: 'CREDENTIALS_INVALID' } });
    };
    let turn = 0;
    const wrong = tryAs(() => people[(turn += 1) % people.length] ?? '', 'guess');
    const absent = tryAs((number) => `nobody-${number}@deskgraph.example`, 'guess');
    const limits = { pairs: 20, expected: isNone };
    expect(await telltale(wrong, absent, limits)).toSatisfy(isNone);
    // It would have been seen: nothing is hashed of a password that is longer than any.
    const unhashed = tryAs((number) => `nobody-${number}@deskgraph.example`, 'x'.repeat(1025));
    const seen = { pairs: 20, expected: isPlain };
    expect(await telltale(absent, unhashed, seen)).toSatisfy(isPlain);
    await slow.stop();
  });
});
