import { isObjectType } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { allow } from '#shared/graphql/shield.ts';
import { createSubgraphServer, type SubgraphServer } from './create-subgraph-server.ts';
import { buildGuardedSchema } from './guarded-schema.ts';
import { SubgraphClient } from './subgraph-client.ts';
import { TEST_PASSPORT_KEYS } from './test-subgraph.ts';

const schema = buildGuardedSchema({
  typeDefs: 'type Query { pair: Pair } type Pair { given: Int made: Int }',
  resolvers: { Query: { pair: () => ({ given: 1 }) }, Pair: { made: () => 2 } },
  permissions: { Query: allow, Pair: allow },
});
let server: SubgraphServer;
let client: SubgraphClient;

beforeAll(async () => {
  server = await createSubgraphServer(
    {
      ...{ name: 'order', schema, createContext: (request) => request },
      needs: () => Promise.resolve({}),
    },
    { passportKeys: TEST_PASSPORT_KEYS, clock: systemClock, logger: pino({ level: 'silent' }) },
  );
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const passportKey = TEST_PASSPORT_KEYS[0];
  client = new SubgraphClient({ name: 'order', url, passportKey }, systemClock);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

/** The function of each field; undefined for a property that is read as it is. */
function resolversOf(...types: readonly string[]): readonly unknown[] {
  return types
    .map((name) => schema.getType(name))
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map(({ resolve }) => resolve));
}

it('puts nothing around the resolvers of a schema, not even while it answers', async () => {
  const before = resolversOf('Query', 'Pair');
  const answer = await client.request({
    ...{ query: '{ pair { given made } }', viewer: { kind: 'anonymous', scopes: [] } },
    ...{ requestId: 'test', timeoutMs: 10_000 },
  });
  expect(answer).toEqual({ data: { pair: { given: 1, made: 2 } } });
  expect(resolversOf('Query', 'Pair')).toEqual(before);
  expect(before).toContain(undefined);
});
