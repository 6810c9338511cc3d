import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { allow } from '#shared/graphql/shield.ts';
import { createSubgraphServer, type SubgraphServer } from './create-subgraph-server.ts';
import { buildGuardedSchema } from './guarded-schema.ts';
import { SubgraphClient, type SubgraphUnavailableError } from './subgraph-client.ts';
import { TEST_PASSPORT_KEYS } from './test-subgraph.ts';

// What a client learns of a command that something between it and the subgraph sent twice.

let placed = 0;
let server: SubgraphServer;
let origin: string;
beforeAll(async () => {
  const schema = buildGuardedSchema({
    typeDefs: 'type Query { quick: String } type Mutation { place: Int }',
    resolvers: { Mutation: { place: () => (placed += 1) } },
    permissions: { Query: allow, Mutation: allow },
  });
  server = await createSubgraphServer(
    {
      name: 'order',
      schema,
      createContext: (request) => request,
      needs: () => Promise.resolve({}),
    },
    { passportKeys: TEST_PASSPORT_KEYS, clock: systemClock, logger: pino({ level: 'silent' }) },
  );
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.stop());

async function place(
  url: string,
  passportKey = TEST_PASSPORT_KEYS[0],
): Promise<SubgraphUnavailableError> {
  const client = new SubgraphClient({ name: 'order', url, passportKey }, systemClock);
  const asked = client.request({
    query: 'mutation { place }',
    viewer: { kind: 'service', name: 'gateway' },
    requestId: 'test',
    timeoutMs: 10_000,
  });
  const cause: unknown = await asked.then(
    () => null,
    (failure: unknown) => failure,
  );
  await client.close();
  return cause as SubgraphUnavailableError;
}

it('it is not said to be refused, because the first one was carried out', async () => {
  /** Loses the first answer and sends the request again, as a balancer with retries does. */
  const balancer = createServer((request, response) => {
    const chunks: Buffer[] = [];
    const pass = async () => {
      const { headers, method } = request;
      const passed = send(`${origin}/graphql`, { method: method ?? 'POST', headers });
      passed.end(Buffer.concat(chunks));
      const [answer] = (await once(passed, 'response')) as [typeof request];
      return answer;
    };
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        (await pass()).resume();
        const answer = await pass();
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      })();
    });
  }).listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const { wasTaken } = await place(`http://127.0.0.1:${(balancer.address() as AddressInfo).port}`);
  expect([placed, wasTaken]).toEqual([1, true]);
  balancer.closeAllConnections();
  balancer.close();
});

it('one without a valid passport is, because nothing was done', async () => {
  const before = placed;
  const stranger = { ...TEST_PASSPORT_KEYS[0], secret: 'another secret that is long enough' };
  const failure = await place(origin, stranger as unknown as (typeof TEST_PASSPORT_KEYS)[0]);
  expect([placed, failure.wasTaken]).toEqual([before, false]);
  expect(failure.cause).toMatchObject({
    message:
      'It refuses our passports: its keys are others, or its address is that of another subgraph.',
  });
});
