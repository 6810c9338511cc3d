import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { parseAccountId, parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { SCOPES, type Trader, type Viewer } from '#shared/identity/viewer.ts';
import { GATEWAY, startTestServer, type TestServer } from './test-server.ts';

const NOBODY: Viewer = { kind: 'anonymous', scopes: ['market:read'] };
const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) {
  ... on SignedIn { accessToken session { id } } ... on SignUpRefused { reason }
} }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  ... on SignedIn { session { id } } ... on SignInRefused { reason }
} }`;
const AUTHENTICATE = `query ($accessToken: String!) {
  authenticate(credential: { accessToken: $accessToken }) {
    principal { userId sessionId accounts { accountId role } }
  }
}`;
const PASSWORD = 'correct horse battery';

interface Answer {
  readonly accessToken?: string;
  readonly session?: { readonly id: string };
  readonly reason?: string;
}
interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly accounts: readonly { readonly accountId: string; readonly role: string }[];
}

let server: TestServer;
let people = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const someone = () => ({
  ...{ email: `someone-${(people += 1)}@desk.example`, password: PASSWORD, name: 'Someone' },
});

/** One of many addresses, so that one test does not use up the tries of another. */
const from = (host: number) => ({ address: `203.0.113.${host}`, userAgent: null });

async function signUp(input: object, origin = from((people += 1))): Promise<Answer> {
  const { data } = await server.subgraph.request<{ signUp: Answer }>(
    NOBODY,
    SIGN_UP,
    { input },
    origin,
  );
  return data.signUp;
}

async function signIn(input: object, origin = from((people += 1))): Promise<Answer> {
  const { data } = await server.subgraph.request<{ signIn: Answer }>(
    NOBODY,
    SIGN_IN,
    { input },
    origin,
  );
  return data.signIn;
}

describe('signing up', () => {
  it('makes a person with an account that they own, and signs them in', async () => {
    const input = someone();
    const { accessToken } = await signUp(input);
    const { data } = await server.subgraph.request<{ authenticate: { principal: Principal } }>(
      GATEWAY,
      AUTHENTICATE,
      { accessToken },
    );
    const { userId, sessionId, accounts } = data.authenticate.principal;
    expect(accounts).toEqual([{ accountId: expect.any(String), role: 'OWNER' }]);
    const viewer: Trader = {
      kind: 'trader',
      userId: trusted(parseUserId, userId),
      credential: { kind: 'session', sessionId: trusted(parseSessionId, sessionId) },
      scopes: SCOPES,
      accounts: accounts.map(({ accountId }) => ({
        ...{ accountId: trusted(parseAccountId, accountId), role: 'OWNER' },
      })),
      expiresAt: null,
    };
    const own = await server.subgraph.request(
      viewer,
      `{ viewer {
        name accounts { name kind tradingState role balances { total } }
        auditTrail { edges { node { action subjectId } } }
      } }`,
    );
    expect(own.data).toEqual({
      viewer: {
        name: 'Someone',
        accounts: [
          {
            ...{ name: 'Someone', kind: 'CLIENT', tradingState: 'ACTIVE', role: 'OWNER' },
            balances: [],
          },
        ],
        auditTrail: {
          edges: [
            { node: { action: 'SIGNED_IN', subjectId: sessionId } },
            { node: { action: 'SIGNED_UP', subjectId: accounts[0]?.accountId } },
          ],
        },
      },
    });
    const { email, password } = input;
    expect((await signIn({ email: email.toUpperCase(), password })).session).toBeDefined();
  });

  it('takes an address once, however it is written, and also when two come at once', async () => {
    const input = someone();
    const answers = await Promise.all([
      signUp(input),
      signUp({ ...input, email: ` ${input.email.toUpperCase()}` }),
    ]);
    expect(answers.filter(({ session }) => session !== undefined)).toHaveLength(1);
    expect(answers).toContainEqual({ reason: 'EMAIL_TAKEN' });
  });

  it.each([
    ['no e-mail address', { email: 'someone' }],
    ['an e-mail address with a space', { email: 'some one@desk.example' }],
    ['an e-mail address without end', { email: `${'x'.repeat(250)}@desk.example` }],
    ['an empty name', { name: ' ' }],
    ['a name of which nothing is seen', { name: '\u200b\u3164' }],
    ['a name that turns what is shown beside it', { name: 'Ann \u202erenwo' }],
    ['a long name', { name: 'x'.repeat(65) }],
    ['a short password', { password: 'x'.repeat(11) }],
    ['a password without end', { password: 'x'.repeat(1025) }],
  ])('with %s is refused', async (_what, change) => {
    expect(await signUp({ ...someone(), ...change })).toEqual({ reason: 'INVALID_INPUT' });
  });

  it('is done five times from one address, and then not for a while', async () => {
    const answers = [];
    for (let n = 0; n < 6; n += 1) answers.push(await signUp(someone(), from(200)));
    expect(answers.map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: 5 }, () => undefined),
      'TOO_MANY_ATTEMPTS',
    ]);
  });

  it('is refused where the desk is not open', async () => {
    const closed = await startTestServer(systemClock, false);
    const { data } = await closed.subgraph.request(NOBODY, SIGN_UP, { input: someone() });
    await closed.stop();
    expect(data).toEqual({ signUp: { reason: 'SIGN_UP_CLOSED' } });
  });
});

describe('one password tried on many people', () => {
  it('is stopped after twenty of them from one address, and nobody else is', async () => {
    const input = someone();
    await signUp(input);
    const { email, password } = input;
    const reasons = [];
    for (let n = 0; n < 20; n += 1) {
      // Anyone who has an account of their own gains nothing by signing in between.
      if (n === 10) expect((await signIn({ email, password }, from(201))).session).toBeDefined();
      const guess = { email: `other-${n}@desk.example`, password: 'Password1234' };
      reasons.push((await signIn(guess, from(201))).reason);
    }
    expect(new Set(reasons)).toEqual(new Set(['CREDENTIALS_INVALID']));
    expect(await signIn({ email, password }, from(201))).toEqual({ reason: 'TOO_MANY_ATTEMPTS' });
    expect((await signIn({ email, password }, from(202))).session).toBeDefined();
  }, 60_000);
});
