import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '#shared/http/test-raw-client.ts';
import { EventStreamClient } from '../fixtures/event-stream-client.ts';
import { type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ trustedProxies: ['127.0.0.1'] });
});
afterAll(() => desk.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: string, headers = {}) => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body,
});
const QUERY = '{"query":"{ __typename }"}';
const REPLIES: readonly (readonly [string, number, string, RequestInit])[] = [
  ['an answer', 200, '/graphql', post(QUERY)],
  ['a refused operation', 400, '/graphql', post('{"query":"{ nothing }"}')],
  ['a body that is no JSON', 400, '/graphql', post('{')],
  ['a credential that is not known', 401, '/graphql', post(QUERY, { 'x-api-key': 'nobody' })],
  ['an address where nothing is', 404, '/nothing', {}],
  ['an address that cannot be read', 400, '/%zz', {}],
  ['a body that is too large', 413, '/graphql', post('x'.repeat(1024 * 1024 + 1))],
  [
    'a body of another charset',
    415,
    '/graphql',
    post(QUERY, { 'content-type': 'application/json; charset=ibm1047' }),
  ],
  ['a method that is not served', 404, '/graphql', { method: 'DELETE' }],
  [
    'a preflight',
    204,
    '/graphql',
    { method: 'OPTIONS', headers: { origin: 'https://desk.example' } },
  ],
  [
    'a preflight of an unknown origin',
    403,
    '/graphql',
    { method: 'OPTIONS', headers: { origin: 'https://evil.example' } },
  ],
  ['the health of the process', 200, '/health/live', {}],
];

describe('the headers of every reply that is no page', () => {
  it.each(REPLIES)('stand on %s: %i', async (_name, status, path, init) => {
    const reply = await fetch(`${desk.origin}${path}`, init);
    await reply.body?.cancel();
    expect(reply.status).toBe(status);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('stand on an event stream', async () => {
    const client = await EventStreamClient.post(desk.origin, { query: '{ __typename }' });
    expect(client.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(client.response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(client.response.headers.get('x-content-type-options')).toBe('nosniff');
    client.close();
  });

  it.each([
    ['what is no HTTP', 400, ['no HTTP at all', '']],
    [
      'a refused upgrade',
      403,
      [
        ...['GET /graphql HTTP/1.1', 'Host: x', 'Origin: https://evil.example'],
        ...['Connection: Upgrade', 'Upgrade: websocket', ''],
      ],
    ],
  ])('stand on the reply to %s: %i', async (_name, status, lines) => {
    const reply = await new RawClient(desk.origin).send(...lines).closed;
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).toMatch(/^cache-control: no-store\r$/m);
    expect(reply).toMatch(/^x-content-type-options: nosniff\r$/m);
  });
});

describe('the pages', () => {
  it.each(['/graphql', '/graphiql'])(
    'of %s keep their policy, and the same headers',
    async (path) => {
      const page = await fetch(`${desk.origin}${path}`, { headers: { accept: 'text/html' } });
      await page.body?.cancel();
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});

describe('the word to browsers to come by TLS alone', () => {
  const policyFor = async (path: string, headers: Record<string, string>) => {
    const reply = await fetch(`${desk.origin}${path}`, { headers });
    await reply.body?.cancel();
    return reply.headers.get('strict-transport-security');
  };

  it.each(['/graphiql', '/health/live', '/nothing', '/%zz'])(
    'is on %s where the proxy says that the client did',
    async (path) => {
      expect(await policyFor(path, { 'x-forwarded-proto': 'https' })).toBe('max-age=31536000');
      expect(await policyFor(path, { 'x-forwarded-proto': 'http' })).toBeNull();
      expect(await policyFor(path, {})).toBeNull();
    },
  );
});
