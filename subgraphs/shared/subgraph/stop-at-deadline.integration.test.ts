import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { allow } from '#shared/graphql/shield.ts';
import { PASSPORT_HEADER, signPassport } from '#shared/identity/passport.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import { createSubgraphServer, type SubgraphServer } from './create-subgraph-server.ts';
import { SubgraphClient } from './subgraph-client.ts';
import { buildGuardedSchema } from './guarded-schema.ts';
import type { SubgraphRequest } from './subgraph-request.ts';
import { TEST_PASSPORT_KEYS } from './test-subgraph.ts';

const VIEWER: Viewer = { kind: 'anonymous', scopes: [] };
const MUTATION = 'mutation { first: slow(name: "first") second: slow(name: "second") }';
/** Enough time for a busy machine to begin; what never ends is waited for this long. */
const WAIT_MS = 1000;
const requests: SubgraphRequest[] = [];
const begun: string[] = [];
/** The slow fields wait for it. */
let release: (name: string) => void;
let released: Promise<string>;
let server: SubgraphServer;
let url: string;

beforeAll(async () => {
  const slow = (_parent: unknown, { name = 'query' }: { name?: string }) => {
    begun.push(name);
    return released;
  };
  server = await createSubgraphServer(
    {
      name: 'order',
      schema: buildGuardedSchema({
        typeDefs: `
          type Query { quick: String slow: String }
          type Mutation { slow(name: String!): String }
        `,
        resolvers: { Query: { quick: () => 'quick', slow }, Mutation: { slow } },
        permissions: { Query: allow, Mutation: allow },
      }),
      createContext: (request) => {
        requests.push(request);
        return request;
      },
      needs: () => Promise.resolve({}),
    },
    { passportKeys: TEST_PASSPORT_KEYS, clock: systemClock, logger: pino({ level: 'silent' }) },
  );
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
beforeEach(() => {
  begun.length = 0;
  released = new Promise((resolve) => (release = resolve));
});
afterAll(() => server.stop());

/** Sends a query and waits for the answer, whatever deadline its passport has. */
async function ask(query: string, waitMs?: number): Promise<unknown> {
  const body = JSON.stringify({ query });
  const passport = signPassport({
    ...{ viewer: VIEWER, audience: 'order', key: TEST_PASSPORT_KEYS[0] },
    ...{ body, waitMs, clock: systemClock },
  });
  const headers = { 'content-type': 'application/json', [PASSPORT_HEADER]: passport };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
}
const tooLate = (field: string, outcome: string): unknown =>
  expect.objectContaining({
    path: [field],
    extensions: { code: 'UNAVAILABLE', outcome, retryable: true },
  });

describe('a subgraph', () => {
  it('waits no longer for a field than its caller, and answers what it has', async () => {
    expect(await ask('{ quick slow }', WAIT_MS)).toEqual({
      data: { quick: 'quick', slow: null },
      errors: [tooLate('slow', 'NOT_APPLIED')],
    });
  });

  it('begins no command when its caller waits no more, and says which it began', async () => {
    expect(await ask(MUTATION, WAIT_MS)).toEqual({
      data: { first: null, second: null },
      errors: [tooLate('first', 'UNKNOWN'), tooLate('second', 'NOT_APPLIED')],
    });
    expect(begun).toEqual(['first']);
  });

  it('waits as long as it takes for anyone who does not say', async () => {
    const answer = ask('{ slow }');
    await expect.poll(() => begun).toEqual(['query']);
    release('done');
    expect(await answer).toEqual({ data: { slow: 'done' } });
  });

  it('is told by every call how long that waits', async () => {
    const passportKey = TEST_PASSPORT_KEYS[0];
    const client = new SubgraphClient({ name: 'order', url, passportKey }, systemClock);
    const startedAtMs = performance.now();
    await client.request({
      ...{ query: '{ quick }', viewer: VIEWER, requestId: 'r', timeoutMs: 60_000 },
    });
    await client.close();
    const deadlineAtMs = requests.at(-1)?.deadlineAtMs ?? 0;
    expect(deadlineAtMs).toBeGreaterThanOrEqual(startedAtMs + 60_000);
    expect(deadlineAtMs).toBeLessThanOrEqual(performance.now() + 60_000);
  });
});
