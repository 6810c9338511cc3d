import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { allow } from '#shared/graphql/shield.ts';
import { createSubgraphServer } from '#shared/subgraph/create-subgraph-server.ts';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import { TEST_PASSPORT_KEYS } from '#shared/subgraph/test-subgraph.ts';
import { isRefusedWhileClosing } from './refuse-while-closing.ts';
import { RawClient } from './test-raw-client.ts';

const HEAD = ['POST /graphql HTTP/1.1', 'Host: desk', 'Content-Length: 2'];

it('a subgraph that closes refuses what still arrives, so that its caller knows that nothing was done', async () => {
  const schema = buildGuardedSchema({
    typeDefs: 'type Query { quick: String }',
    resolvers: {},
    permissions: { Query: allow },
  });
  const server = await createSubgraphServer(
    {
      name: 'order',
      schema,
      createContext: (request) => request,
      needs: () => Promise.resolve({}),
    },
    { passportKeys: TEST_PASSPORT_KEYS, clock: systemClock, logger: pino({ level: 'silent' }) },
  );
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const before = await new RawClient(origin).send(...HEAD, 'Connection: close', '', '{}').closed;
  const late = new RawClient(origin).send(...HEAD); // its headers have no end yet
  await new RawClient(origin).send(...HEAD, 'Connection: close', '', '{}').closed;
  const stopped = server.stop();
  const reply = await late.send('', '{}').closed;
  await stopped;

  expect(before).toMatch(/^HTTP\/1\.1 401 /);
  expect(reply).toMatch(/^HTTP\/1\.1 503 /);
  expect(reply).toMatch(/^connection: close\r$/im);
  expect(isRefusedWhileClosing(503, reply.split('\r\n\r\n')[1] ?? '')).toBe(true);
  expect(isRefusedWhileClosing(503, 'from a balancer')).toBe(false);
});
