// People of an OpenID Connect issuer of our own, which listens on a port of this machine, signs with
// keys that it changes, and says what it should not.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { verdictOn } from './test-credentials.ts';
import { startTestServer, TEST_PASSWORD, type TestServer, viewerOf } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const ISSUER = 'https://issuer.example';
const START = `mutation ($input: StartSecondFactorInput) { startSecondFactor(input: $input) {
  ... on SecondFactorStarted { secret } ... on SecondFactorRefused { reason }
} }`;
const SIGN_IN = `mutation ($input: SignInWithTokenInput!) { signInWithToken(input: $input) {
  ... on SignedIn { accessToken session { id } } ... on SignInRefused { reason }
} }`;

interface Key {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: Parameters<SignJWT['sign']>[0];
  readonly publicJwk: JWK;
}

/** What it serves now, and how often it was asked. */
const published = { keys: [] as Key[], fetches: 0 };
let jwks: Server;
let server: TestServer;
let key: Key;
let trader: Awaited<ReturnType<TestServer['aTrader']>>;

beforeAll(async () => {
  jwks = createServer((_request, response) => {
    published.fetches += 1;
    const keys = published.keys.map(({ kid, algorithm, publicJwk }) => ({
      ...publicJwk,
      ...{ kid, alg: algorithm, use: 'sig' },
    }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  }).listen(0, '127.0.0.1');
  await once(jwks, 'listening');
  const jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/keys`;
  server = await startTestServer(systemClock, true, undefined, {
    ...{ issuer: ISSUER, audience: 'desk', jwksUrl, cooldownMs: 0 },
  });
  key = await aKey('one');
  published.keys = [key];
  trader = await server.aTrader();
});
afterAll(async () => {
  await server.stop();
  jwks.closeAllConnections();
  await new Promise((resolve) => jwks.close(resolve));
});

async function aKey(kid: string, algorithm = 'RS256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { kid, algorithm, privateKey, publicJwk: await exportJWK(publicKey) };
}

/** A token as a good issuer makes it, but for the changes. */
function tokenOf(subject: string, email: string, changes: object = {}, by = key): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: ISSUER, aud: 'desk', sub: subject, iat: now, exp: now + 300, jti: randomUUID() },
    ...{ email, email_verified: true, ...changes },
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: by.algorithm, kid: by.kid })
    .sign(by.privateKey);
}

async function signIn(idToken: string, code?: string) {
  const input = { idToken, ...(code === undefined ? {} : { code }) };
  const { data } = await server.subgraph.request<{
    signInWithToken: { readonly reason?: string; readonly session?: { readonly id: string } };
  }>(NOBODY, SIGN_IN, { input });
  return data.signInWithToken;
}

describe('a person of an outside issuer', () => {
  it('is found by the verified e-mail address once, and then by the subject', async () => {
    const { email } = trader;
    expect(await signIn(await tokenOf('s-1', email.toUpperCase()))).toHaveProperty('session');
    expect(await signIn(await tokenOf('s-1', 'renamed@desk.example'))).toHaveProperty('session');
    const { data } = await server.subgraph.request<{
      viewer: { auditTrail: { edges: readonly { node: { action: string; subjectId: string } }[] } };
    }>(
      viewerOf(trader),
      '{ viewer { auditTrail(first: 9) { edges { node { action subjectId } } } } }',
    );
    const actions = data.viewer.auditTrail.edges.map(({ node }) => node.action);
    expect(actions.filter((action) => action === 'SIGNED_IN')).toHaveLength(2);
    expect(actions.filter((action) => action === 'ISSUER_LINKED')).toHaveLength(1);
  });

  it('ends their other credentials with a sign-in that asks for it', async () => {
    const robbed = await server.aTrader();
    const input = { idToken: await tokenOf('s-robbed', robbed.email), endOthers: true };
    expect(await server.ask(NOBODY, SIGN_IN, input)).toHaveProperty('session');
    expect((await verdictOn(server, { apiKey: robbed.apiKey })).reason).toBe('KEY_REVOKED');
  });

  it('is nobody under an address that another subject has, that is not verified, or unknown', async () => {
    const other = await server.aTrader();
    const invalid = { reason: 'CREDENTIALS_INVALID' };
    expect(await signIn(await tokenOf('s-2', trader.email))).toEqual(invalid);
    for (const isVerified of [false, undefined, 'true'])
      expect(
        await signIn(await tokenOf('s-3', other.email, { email_verified: isVerified })),
      ).toEqual(invalid);
    expect(await signIn(await tokenOf('s-4', 'nobody@desk.example'))).toEqual(invalid);
    // The sign of kelvin is a capital k to Unicode, and another mailbox.
    const alike = other.email.replaceAll('k', '\u212a');
    expect(await signIn(await tokenOf('s-7', alike))).toEqual(invalid);
  });

  it('is nobody under an address that somebody signed up with, whoever that was', async () => {
    const email = 'squatted@desk.example';
    const input = { email, password: 'long enough to be taken', name: 'Squatter' };
    const signUp = `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`;
    const { data } = await server.subgraph.request(NOBODY, signUp, { input });
    expect(data).toEqual({ signUp: { __typename: 'SignedIn' } });
    expect(await signIn(await tokenOf('s-6', email))).toEqual({ reason: 'CREDENTIALS_INVALID' });
  });

  it('is linked once by ten first tokens at once, each of which signs in', async () => {
    const { email } = await server.aTrader();
    const tokens = [];
    for (let n = 0; n < 10; n += 1) tokens.push(await tokenOf('s-5', email));
    const answers = await Promise.all(tokens.map((token) => signIn(token)));
    for (const answer of answers) expect(answer).toHaveProperty('session');
  });

  it('is signed in by a token once, also when it comes ten times at once', async () => {
    const token = await tokenOf('s-7', (await server.aTrader()).email);
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(token)));
    expect(answers.filter(({ session }) => session !== undefined)).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'CREDENTIALS_INVALID')).toHaveLength(9);
  });

  it('is not signed in again by a token whose signature is written in another way', async () => {
    const { email } = await server.aTrader();
    const token = await tokenOf('s-9', email);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last letter has bits that are no part of the signature.
    const last = letters.indexOf(token.at(-1) ?? '');
    const again = [1, 2, 3].map((bits) => `${token.slice(0, -1)}${letters[last ^ bits]}`);
    expect(await signIn(token)).toHaveProperty('session');
    for (const one of [...again, `${token}=`, `${token}==`])
      expect(await signIn(one)).toEqual({ reason: 'CREDENTIALS_INVALID' });
  });

  it('finds guesses at the second factor in their trail', async () => {
    const person = await server.aTrader();
    const sessionId = trusted(parseSessionId, 'ses-of-a-test');
    const viewer: Trader = { ...viewerOf(person), credential: { kind: 'session', sessionId } };
    await server.ask(viewer, START, { currentPassword: TEST_PASSWORD });
    await server.sql(
      `UPDATE second_factors SET confirmed_at = now() WHERE user_id = '${person.userId}'`,
    );
    const token = await tokenOf('s-8', person.email);
    expect(await signIn(token)).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
    expect(await signIn(token, '000000')).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    const newest = async () =>
      (
        await server.subgraph.request<{
          viewer: { auditTrail: { edges: readonly { node: { action: string } }[] } };
        }>(viewer, '{ viewer { auditTrail(first: 1) { edges { node { action } } } } }')
      ).data.viewer.auditTrail.edges[0]?.node.action;
    await expect.poll(newest).toBe('SIGN_IN_FAILED');
  });

  it('turns a second factor on with a token of theirs that is new, and a stolen session alone does not', async () => {
    const person = await server.aTrader({}, { password: null });
    const spent = await tokenOf('s-10', person.email);
    const sessionId = trusted(parseSessionId, (await signIn(spent)).session?.id ?? '');
    const viewer: Trader = { ...viewerOf(person), credential: { kind: 'session', sessionId } };
    const start = (idToken?: string) => server.ask(viewer, START, { idToken });
    expect(await start()).toEqual({ reason: 'ID_TOKEN_NEEDED' });
    const theirs = await tokenOf('s-11', (await server.aTrader()).email);
    await signIn(await tokenOf('s-11', (await server.aTrader()).email));
    for (const idToken of [spent, 'no token', theirs])
      expect(await start(idToken)).toEqual({ reason: 'ID_TOKEN_INVALID' });
    // The token of somebody else is still good for them.
    expect(await signIn(theirs)).toHaveProperty('session');
    const fresh = await tokenOf('s-10', person.email);
    expect(await start(fresh)).toHaveProperty('secret');
    expect(await signIn(fresh)).toEqual({ reason: 'CREDENTIALS_INVALID' });
  });
});

describe('an ID token', () => {
  const past = () => Math.floor(Date.now() / 1000) - 60;
  it.each([
    ['for somebody else', () => ({ aud: 'another' })],
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['that has ended', () => ({ exp: past() })],
    ['that is not good yet', () => ({ nbf: past() + 600 })],
    ['that is old', () => ({ iat: past() - 600 })],
    ['for several, and not made for us', () => ({ aud: ['desk', 'other'], azp: 'other' })],
    ['for several, and made for nobody', () => ({ aud: ['desk', 'other'] })],
    ['without an end', () => ({ exp: undefined })],
    ['without a subject', () => ({ sub: undefined })],
  ])('%s is nothing', async (_what, changes) => {
    expect(await signIn(await tokenOf('s-1', trader.email, changes()))).toEqual({
      reason: 'CREDENTIALS_INVALID',
    });
  });

  it('of another algorithm, another key, or none is nothing', async () => {
    const forged = { ...(await aKey('one')), kid: 'one' };
    const parts = (await tokenOf('s-1', trader.email)).split('.');
    const header = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
    const modulus = Buffer.from(key.publicJwk.n ?? '', 'base64url');
    const shared = await new SignJWT({ sub: 's-1', iss: ISSUER, aud: 'desk' })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(modulus);
    for (const token of [
      await tokenOf('s-1', trader.email, {}, forged),
      `${header('none')}.${parts[1]}.`,
      `${header('ES256')}.${parts[1]}.${parts[2]}`,
      shared,
      'no token',
      'x'.repeat(100_000),
    ])
      expect(await signIn(token)).toEqual({ reason: 'CREDENTIALS_INVALID' });
  });

  it('of a key that is new is good, and of one that is withdrawn no more', async () => {
    expect(await signIn(await tokenOf('s-1', ''))).toHaveProperty('session');
    const before = published.fetches;
    const next = await aKey('two', 'ES256');
    published.keys = [next];
    expect(await signIn(await tokenOf('s-1', '', {}, next))).toHaveProperty('session');
    expect(published.fetches).toBe(before + 1);
    expect(await signIn(await tokenOf('s-1', ''))).toEqual({ reason: 'CREDENTIALS_INVALID' });
    key = next;
  });
});

describe('a desk that believes no issuer', () => {
  it('takes no token', async () => {
    const closed = await startTestServer();
    const { data } = await closed.subgraph.request(NOBODY, SIGN_IN, {
      input: { idToken: await tokenOf('s-1', trader.email) },
    });
    expect(data).toEqual({ signInWithToken: { reason: 'CREDENTIALS_INVALID' } });
    await closed.stop();
  });
});
