import type { ServiceMap } from '@apollo/gateway';
import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import { type OperationDefinitionNode, parse } from 'graphql';
import { expect, it, vi } from 'vitest';
import { queryGraphOver, supergraphSdl } from '../../fixtures/composed-schema.ts';
import type { GatewayContext } from '../../gateway-context.ts';
import { noteAnswerCost } from '../../limits/answer-cost.ts';
import { noteQuota } from '../../limits/charged-quota.ts';
import { PlanningTime } from '../../limits/planning-time.ts';
import { sha256 } from '../../persisted/operation-manifest.ts';
import { GatewayMetrics } from '../../metrics/gateway-metrics.ts';
import { createExecutor } from './create-executor.ts';

const QUERY = '{ serverTime }';
/** What clients change. */
const OWN = '{ viewer { id } }';
const MUTATION = 'mutation { signOut { __typename } }';
const ANNA = { kind: 'trader', userId: 'anna' };
const BERT = { kind: 'trader', userId: 'bert' };

it('runs equal queries in flight once for each viewer', async () => {
  const { ask, answer, calls } = played();
  const answers = [ask(QUERY, ANNA), ask(QUERY, { ...ANNA }), ask(QUERY, { kind: 'anonymous' })];
  await answer();
  const [one, two] = await Promise.all(answers);
  expect(calls).toHaveLength(2);
  expect(one).toEqual(two);
  expect(one).not.toBe(two); // plugins add to it
});

it('runs equal queries of what clients change once if they arrive together', async () => {
  const { ask, answer, calls } = played();
  const answers = [ask(OWN, ANNA), ask(OWN, { ...ANNA }), ask(OWN, { kind: 'anonymous' })];
  await endOfTurn();
  await answer();
  const [one, two] = await Promise.all(answers);
  expect(calls).toHaveLength(2);
  expect(one).toEqual(two);
});

it('gives each of them errors of its own, by which its own request is found in the log', async () => {
  const { ask, answer } = played();
  const answers = [ask(OWN, ANNA), ask(OWN, { ...ANNA })];
  await endOfTurn();
  await answer();
  const [one, two] = (await Promise.all(answers)).map(({ errors = [] }) => errors);
  expect(one).toHaveLength(1);
  expect(two).toEqual(one);
  expect(two?.[0]).not.toBe(one?.[0]);
});

it('lets no query of what clients change join one that was sent before it arrived', async () => {
  const { ask, answer, calls } = played();
  const before = ask(OWN, ANNA);
  await endOfTurn();
  expect(calls).toHaveLength(1);
  // Between the two its client may have been answered that it changed something, by any gateway.
  const after = ask(OWN, ANNA);
  await endOfTurn();
  await answer();
  await Promise.all([before, after]);
  expect(calls).toHaveLength(2);
});

it('lets no query join a flight that is given up much earlier', async () => {
  const { ask, answer, calls } = played();
  const now = performance.now();
  const answers = [-1500, -1400, 0].map((ms) => ask(QUERY, ANNA, { startedAtMs: now + ms }));
  await answer();
  await Promise.all(answers);
  expect(calls).toHaveLength(2);
});

it('shares nothing that shows a quota, which is what each found itself', async () => {
  const { ask, answer, calls } = played();
  const answers = [1, 2].map((used) => {
    const context = { startedAtMs: performance.now() };
    const quota = { limit: 9, used, remaining: 9 - used, windowSeconds: 60 };
    noteQuota(context as GatewayContext, { ...quota, resetAt: '2026-01-01T00:00:00.000Z' });
    return ask('{ serverTime viewer { quotas { used } } }', ANNA, context);
  });
  await endOfTurn();
  await answer();
  await Promise.all(answers);
  expect(calls).toHaveLength(4);
});

it.each([
  ['once for all addresses if it waits for no turn', 200, 1],
  ['once for each address if it can wait for the turn of that', 201, 2],
])('runs an equal query without a credential %s', async (_how, cost, runs) => {
  const { ask, answer, calls } = played();
  const startedAtMs = performance.now();
  const answers = ['192.0.2.1', '192.0.2.2', '192.0.2.2'].map((address) => {
    const context = { startedAtMs, origin: { address, userAgent: null } };
    noteAnswerCost(context as unknown as GatewayContext, cost);
    return ask(QUERY, { kind: 'anonymous' }, context);
  });
  await answer();
  await Promise.all(answers);
  expect(calls).toHaveLength(runs);
});

it('keeps nothing of a flight that landed', async () => {
  const { ask, answer, calls } = played();
  for (let count = 1; count <= 2; count += 1) {
    const result = ask(QUERY, ANNA);
    await answer();
    await result;
    expect(calls).toHaveLength(count);
  }
});

it('begins nothing that was allowed by a version before the present one', async () => {
  const { ask, answer, calls, reload } = played();
  const before = ask(QUERY, ANNA);
  reload();
  const late = [await ask(QUERY, ANNA), await ask(MUTATION, ANNA)];
  for (const { errors } of late)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', outcome: 'NOT_APPLIED' });
  await answer();
  expect((await before).errors).toBeUndefined();
  expect(calls).toHaveLength(1);
});

it('plans what is new in the time of its user, and knows what it has planned', async () => {
  const { ask, answer, planning, isPlanned, reload } = played();
  const planned = vi.spyOn(planning, 'spend');
  const again = [ask(QUERY, ANNA), ask(QUERY, BERT), ask(MUTATION, BERT)];
  await endOfTurn();
  await answer();
  await Promise.all(again);
  expect(planned.mock.calls.map(([principal]) => principal)).toEqual(['user:anna', 'user:bert']);
  expect([QUERY, MUTATION, '{ __typename }'].map((query) => isPlanned({ query }))).toEqual([
    ...[true, true, false],
  ]);
  expect(isPlanned({ query: QUERY, operationName: 'Other' })).toBe(false);
  reload();
  expect(isPlanned({ query: QUERY })).toBe(false);
});

it('forgets no plan for the long documents of somebody else', async () => {
  const { ask, answer, isPlanned } = played();
  const long = (number: number) => `{ serverTime } # ${number} ${'x'.repeat(120_000)}`;
  const asked = [ask(QUERY, ANNA)];
  for (let number = 0; number < 12; number += 1) asked.push(ask(long(number), BERT));
  await endOfTurn();
  await answer();
  await Promise.all(asked);
  expect([QUERY, long(0), long(11)].map((query) => isPlanned({ query }))).toEqual([
    ...[true, false, true],
  ]);
});

/** Resolves when everything that arrived before has begun. */
const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

/** An executor whose subgraphs answer on command. */
function played() {
  const calls: (() => void)[] = [];
  const planning = new PlanningTime({ now: () => 0 });
  // Of all that arrives together: the first query of a document is planned, which on a busy machine
  // takes longer than two queries may be apart to share a flight.
  const startedAtMs = performance.now();
  const service = {
    process: () =>
      new Promise((resolve) => {
        calls.push(() => resolve({ data: { serverTime: '2026-01-01T00:00:00.000Z' } }));
      }),
  };
  const services = {
    account: service,
    'market-data': service,
    order: service,
  } as unknown as ServiceMap;
  const graph = queryGraphOver(supergraphSdl, services as never);
  let current = graph;
  const { execute, isPlanned } = createExecutor(() => current, new GatewayMetrics(), planning);
  const ask = (query: string, viewer: object, more: object = { startedAtMs }) => {
    const document = parse(query);
    const [operation] = document.definitions as OperationDefinitionNode[];
    return execute({
      request: { query },
      document,
      operation,
      queryHash: sha256(query),
      schema: graph.apiSchema,
      context: Object.assign(more, { viewer }),
    } as unknown as Parameters<GatewayExecutor>[0]);
  };
  const answer = async () => {
    await Promise.resolve();
    for (const call of calls) call();
  };
  /** Puts another version in force, while requests still come with the one before. */
  const reload = () => {
    current = queryGraphOver(`${supergraphSdl}\n# another version\n`, services as never);
  };
  return { ask, answer, calls, reload, planning, isPlanned };
}
