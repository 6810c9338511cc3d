import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSessionId, trusted } from '#shared/domain/ids.ts';
import type { Trader, Viewer } from '#shared/identity/viewer.ts';
import { bytesOf, codeOf } from './test-authenticator.ts';
import { turnOnSecondFactor } from './test-second-factor.ts';
import { startTestServer, type TestServer, viewerOf } from './test-server.ts';

const PASSWORD = 'open sesame';
const PROOF = { currentPassword: PASSWORD };
const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const REFUSED = '... on SecondFactorRefused { reason }';
const START = `mutation ($input: StartSecondFactorInput) { startSecondFactor(input: $input) {
  ... on SecondFactorStarted { secret uri } ${REFUSED}
} }`;
const CONFIRM = `mutation ($input: SecondFactorCodeInput!) { confirmSecondFactor(input: $input) {
  ... on RecoveryCodesGiven { recoveryCodes } ${REFUSED}
} }`;
const RENEW = CONFIRM.replace('confirmSecondFactor', 'renewRecoveryCodes');
const REMOVE = `mutation ($input: SecondFactorCodeInput!) { removeSecondFactor(input: $input) {
  ... on SecondFactorRemoved { isOn } ${REFUSED}
} }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { session { id } } ... on SignInRefused { reason }
} }`;
const STATE = '{ viewer { secondFactor { isOn confirmedAt recoveryCodesLeft } } }';

interface Answer {
  readonly reason?: string;
  readonly secret?: string;
  readonly uri?: string;
  readonly recoveryCodes?: readonly string[];
  readonly session?: { readonly id: string };
  readonly isOn?: boolean;
}

interface Trail {
  readonly viewer: { readonly auditTrail: { readonly edges: { node: { action: string } }[] } };
}
const TRAIL = '{ viewer { auditTrail { edges { node { action } } } } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const ask = (viewer: Viewer, query: string, input?: object): Promise<Answer> =>
  server.ask(viewer, query, input);

/** Somebody who has signed in. */
async function aPerson() {
  const trader = await server.aTrader({}, { password: PASSWORD });
  const sessionId = trusted(parseSessionId, 'ses-of-a-test');
  const viewer: Trader = { ...viewerOf(trader), credential: { kind: 'session', sessionId } };
  const signIn = (code?: string) =>
    ask(NOBODY, SIGN_IN, { email: trader.email, password: PASSWORD, code });
  return { trader, viewer, signIn };
}

/** A person with a second factor that is on. The next code not used is that of the next half minute. */
async function aCarefulUser() {
  const person = await aPerson();
  return { ...person, ...(await turnOnSecondFactor(server, person.viewer, PROOF)) };
}

describe('a second factor', () => {
  it('is turned on with a code of the app, and not before', async () => {
    const { viewer, signIn } = await aPerson();
    expect(await ask(viewer, CONFIRM, { code: '123456' })).toEqual({ reason: 'NOT_STARTED' });
    const first = await ask(viewer, START, PROOF);
    const { secret = '', uri } = await ask(viewer, START, PROOF);
    expect(secret).not.toBe(first.secret);
    expect(uri).toContain(`secret=${secret}&`);
    expect((await signIn()).session).toBeDefined();
    const ofTheFirst = { code: codeOf(first.secret ?? '') };
    expect(await ask(viewer, CONFIRM, ofTheFirst)).toEqual({ reason: 'CODE_INVALID' });
    const { recoveryCodes } = await ask(viewer, CONFIRM, { code: codeOf(secret) });
    expect(new Set(recoveryCodes)).toHaveProperty('size', 10);
    expect(await ask(viewer, STATE)).toMatchObject({
      secondFactor: { isOn: true, recoveryCodesLeft: 10 },
    });
    expect(await ask(viewer, START, PROOF)).toEqual({ reason: 'ALREADY_ON' });
    expect(await signIn()).toEqual({ reason: 'SECOND_FACTOR_NEEDED' });
  });

  it('is turned on only by someone who knows the password, within the tries of a sign-in', async () => {
    const { viewer, signIn } = await aPerson();
    expect(await ask(viewer, START)).toEqual({ reason: 'PASSWORD_NEEDED' });
    for (let guess = 0; guess < 5; guess += 1)
      expect(await ask(viewer, START, { currentPassword: 'guess' })).toEqual({
        reason: 'PASSWORD_INVALID',
      });
    expect(await ask(viewer, START, PROOF)).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await ask(viewer, CONFIRM, { code: '123456' })).toEqual({ reason: 'NOT_STARTED' });
    expect(await signIn()).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    // They are recorded beside the answer.
    const actions = async () => {
      const { data } = await server.subgraph.request<Trail>(viewer, TRAIL);
      return data.viewer.auditTrail.edges.map(({ node }) => node.action);
    };
    await expect
      .poll(actions)
      .toEqual([...Array<string>(5).fill('SECOND_FACTOR_FAILED'), 'API_KEY_CREATED']);
  });

  it('takes each code of the app once, and none older than one that was used', async () => {
    const { signIn, secret, usedCode } = await aCarefulUser();
    expect(await signIn(usedCode)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    const code = codeOf(secret, 1n);
    const [one, other] = await Promise.all([signIn(code), signIn(code)]);
    expect([one, other].filter(({ session }) => session !== undefined)).toHaveLength(1);
    expect([one, other]).toContainEqual({ reason: 'SECOND_FACTOR_INVALID' });
    expect(await signIn(usedCode)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
  });

  it('takes each recovery code once, however it is written', async () => {
    const { viewer, signIn, recoveryCodes } = await aCarefulUser();
    const [first = '', second = ''] = recoveryCodes;
    expect((await signIn(first)).session).toBeDefined();
    expect(await signIn(first)).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    expect((await signIn(second.toUpperCase().replaceAll('-', ' '))).session).toBeDefined();
    expect(await ask(viewer, STATE)).toMatchObject({ secondFactor: { recoveryCodesLeft: 8 } });
  });

  it('gives new recovery codes for a code, and the old ones are nothing then', async () => {
    const { viewer, signIn, secret, recoveryCodes } = await aCarefulUser();
    const renewed = await ask(viewer, RENEW, { code: codeOf(secret, 1n) });
    expect(renewed.recoveryCodes).toHaveLength(10);
    expect(await signIn(recoveryCodes[0])).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    expect((await signIn(renewed.recoveryCodes?.[0])).session).toBeDefined();
  });

  it('is turned off with a code alone, and may be turned on again', async () => {
    const { viewer, signIn, recoveryCodes } = await aCarefulUser();
    expect(await ask(viewer, REMOVE, { code: '000000' })).toEqual({ reason: 'CODE_INVALID' });
    expect(await ask(viewer, REMOVE, { code: recoveryCodes[0] })).toEqual({ isOn: false });
    expect(await ask(viewer, REMOVE, { code: recoveryCodes[1] })).toEqual({ reason: 'NOT_ON' });
    expect((await signIn()).session).toBeDefined();
    expect(await ask(viewer, START, PROOF)).toHaveProperty('secret');
  });

  it('is not found by guessing: after five tries also the right code is refused', async () => {
    const { viewer, signIn, secret } = await aCarefulUser();
    for (let tries = 0; tries < 5; tries += 1)
      expect(await signIn('000000')).toEqual({ reason: 'SECOND_FACTOR_INVALID' });
    expect(await signIn(codeOf(secret, 1n))).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect(await ask(viewer, REMOVE, { code: codeOf(secret, 1n) })).toEqual({ isOn: false });
  });

  it('is not found by guessing in a session, which is recorded and keeps nobody from signing in', async () => {
    const { viewer, signIn, secret, recoveryCodes } = await aCarefulUser();
    const guesses = [REMOVE, RENEW, REMOVE, RENEW, REMOVE];
    for (const query of guesses)
      expect(await ask(viewer, query, { code: '000000' })).toEqual({ reason: 'CODE_INVALID' });
    const code = codeOf(secret, 1n);
    for (const shown of [code, 'abcd-efgh-ijkl-mnop'])
      expect(await ask(viewer, REMOVE, { code: shown })).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect((await signIn(code)).session).toBeDefined();
    const recorded = async () => {
      const { data } = await server.subgraph.request<Trail>(viewer, TRAIL);
      return data.viewer.auditTrail.edges.filter(
        ({ node }) => node.action === 'SECOND_FACTOR_FAILED',
      );
    };
    // They are recorded beside the answer.
    await expect.poll(recorded).toHaveLength(guesses.length);
    // Nobody guesses one of these.
    expect(await ask(viewer, REMOVE, { code: recoveryCodes[0] })).toEqual({ isOn: false });
  });

  it.each([
    ['renewed', RENEW],
    ['removed', REMOVE],
  ])('that is not %s, because the session has ended, uses no code up', async (_what, query) => {
    const { viewer, signIn, secret, recoveryCodes } = await aCarefulUser();
    const id = (await signIn(recoveryCodes[0])).session?.id ?? '';
    await server.sql('UPDATE sessions SET ended_at = now() WHERE id = $1', [id]);
    const sessionId = trusted(parseSessionId, id);
    const ended: Trader = { ...viewer, credential: { kind: 'session', sessionId } };
    for (const code of [codeOf(secret, 1n), recoveryCodes[1]]) {
      const { errors } = await server.subgraph.request(ended, query, { input: { code } });
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect((await signIn(code)).session).toBeDefined();
    }
  });

  it('says nothing about itself to who does not know the password', async () => {
    const { trader } = await aCarefulUser();
    const input = { email: trader.email, password: 'guess' };
    for (const code of [undefined, '000000'])
      expect(await ask(NOBODY, SIGN_IN, { ...input, code })).toEqual({
        reason: 'CREDENTIALS_INVALID',
      });
  });

  it('is for people who have signed in, not for keys', async () => {
    const { trader } = await aPerson();
    const { errors } = await server.subgraph.request(viewerOf(trader), START);
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is written down, and lies in the database sealed and hashed alone', async () => {
    const { viewer, secret, recoveryCodes } = await aCarefulUser();
    await ask(viewer, REMOVE, { code: recoveryCodes[0] });
    const { data } = await server.subgraph.request<Trail>(viewer, TRAIL);
    const actions = data.viewer.auditTrail.edges.map(({ node }) => node.action);
    expect(actions.slice(0, 3)).toEqual([
      ...['SECOND_FACTOR_OFF', 'RECOVERY_CODE_USED', 'SECOND_FACTOR_ON'],
    ]);
    const other = await aCarefulUser();
    const rows = await server.sql('SELECT f.*, c.* FROM second_factors f, recovery_codes c');
    const text = JSON.stringify(rows);
    const codes = other.recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')]);
    for (const clear of [
      secret,
      other.secret,
      bytesOf(other.secret).toString('base64url'),
      ...codes,
    ])
      expect(text).not.toContain(clear);
  });
});
