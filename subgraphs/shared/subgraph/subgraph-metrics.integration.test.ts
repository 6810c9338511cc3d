import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { allow } from '#shared/graphql/shield.ts';
import { createSubgraphServer } from './create-subgraph-server.ts';
import { buildGuardedSchema } from './guarded-schema.ts';
import { SubgraphMetrics } from './subgraph-metrics.ts';
import { TEST_PASSPORT_KEYS, TestSubgraph } from './test-subgraph.ts';

it('a subgraph reports how long what it was asked took, how that ended, and what it waits for', async () => {
  const fail = () => {
    throw new Error('a bug');
  };
  const schema = buildGuardedSchema({
    typeDefs: 'type Query { good: Int bad: Int } type Mutation { change: Int! }',
    resolvers: { Query: { good: () => 1, bad: fail }, Mutation: { change: fail } },
    permissions: { Query: allow, Mutation: allow },
  });
  const metrics = new SubgraphMetrics();
  let hasBus = true;
  let looks = 0;
  const server = await createSubgraphServer(
    {
      name: 'order',
      schema,
      createContext: (request) => request,
      needs: () => {
        looks += 1;
        return Promise.resolve({ database: true, 'event bus': hasBus });
      },
    },
    {
      passportKeys: TEST_PASSPORT_KEYS,
      clock: systemClock,
      logger: pino({ level: 'silent' }),
      metrics,
    },
  );
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const subgraph = new TestSubgraph('order', origin);
  const viewer = { kind: 'service', name: 'gateway' } as const;
  for (const query of ['{ good }', '{ good bad }', 'mutation { change }'])
    await subgraph.request(viewer, query);
  const text = await metrics.text();
  for (const labels of [
    'operation="query",outcome="ok"',
    'operation="query",outcome="partial"',
    'operation="mutation",outcome="failed"',
  ])
    expect(text).toContain(`deskgraph_subgraph_request_duration_seconds_count{${labels}} 1\n`);
  expect(text).toContain('\ndeskgraph_subgraph_ready 1\n');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  hasBus = false;
  expect(await metrics.text()).toContain('\ndeskgraph_subgraph_ready 0\n');
  const answer = await fetch(`${origin}/health/ready`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'not ready', waitingFor: ['event bus'] });
  looks = 0;
  await Promise.all(Array.from({ length: 100 }, () => metrics.text()));
  expect(looks).toBe(1);
  await subgraph.close();
  await server.stop();
});
