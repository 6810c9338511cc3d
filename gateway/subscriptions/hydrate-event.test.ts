import { readFileSync } from 'node:fs';
import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import fc from 'fast-check';
import { type ExecutionResult, GraphQLError, parse } from 'graphql';
import { expect, it } from 'vitest';
import { maskToGraphQLError } from '#shared/graphql/format-error.ts';
import { composedQueryGraph, queryGraphOver, supergraphSdl } from '../fixtures/composed-schema.ts';
import { generatedSubscriptions } from '../fixtures/generated-operation.ts';
import { madeUpSubgraph } from '../fixtures/made-up-subgraph.ts';
import { userNamed } from '../fixtures/viewers.ts';
import { textOfResult } from '../supergraph/execution/json-text.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { SUBGRAPH_NAMES } from '../supergraph/subgraph-names.ts';
import { createHydrateEvent, type Recipient } from './hydrate-event.ts';
import { normalizeSubscription, type Variables } from './normalized-subscription.ts';
import type { SourceEvent } from './source-event-stream.ts';
import { planSubscription, type SubscriptionPlan } from './subscription-plan.ts';

const RUNS = 60;
const LIMIT_MS = 120_000;
const graph = composedQueryGraph();
const NAMES =
  'subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { account { name } } } }';
const EVENT = {
  data: {
    orderEvents: {
      __typename: 'OrderSnapshot',
      account: { __typename: 'Account', id: 'a' },
    },
  },
};
const viewer = userNamed('anna');
const planOf = (over: QueryGraph, query: string) =>
  planSubscription(over, normalizeSubscription(over.apiSchema, parse(query), null));
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The account subgraph, which answers when it is told to. */
function aSilentSubgraph(
  answer: object = { data: { _entities: [{ __typename: 'Account', name: 'A' }] } },
) {
  const held: (() => void)[] = [];
  const account = {
    process: async () => {
      await new Promise<void>((release) => held.push(release));
      return answer;
    },
  };
  const played = { ...graph, services: { ...graph.services, account } as never };
  const plan = planOf(played, NAMES);
  const recipient = (principal: string): Recipient => ({ plan, variables: {}, viewer, principal });
  return { held, recipient };
}

it('asks other subgraphs about four events of one principal at a time, and of another all the same', async () => {
  const { held, recipient } = aSilentSubgraph();
  const hydrate = createHydrateEvent(() => {});
  const results = Array.from({ length: 6 }, () => hydrate(recipient('anna'), EVENT));
  await settled();
  expect(held).toHaveLength(4);
  results.push(hydrate(recipient('bert'), EVENT));
  await settled();
  expect(held).toHaveLength(5);
  while (held.length > 0) {
    held.shift()?.();
    await settled();
  }
  for (const result of results)
    expect(textOfResult(await result)).toBe('{"data":{"orderEvents":{"account":{"name":"A"}}}}');
});

it('names the place of an error as its client knows it', async () => {
  const error = { message: 'No.', path: ['_entities'], extensions: { code: 'FORBIDDEN' } };
  const { held, recipient } = aSilentSubgraph({ data: null, errors: [error] });
  const hydrate = createHydrateEvent(() => {});
  const result = hydrate(recipient('anna'), EVENT);
  await settled();
  held.shift()?.();
  expect((await result).errors?.[0]).toMatchObject({
    message: 'No.',
    path: ['orderEvents', 'account'],
  });
});

it('names a field whose name the plan had changed as its client does', async () => {
  const plan = planOf(
    graph,
    'subscription { orderEvents(accountId: "a") { ... on OrderEvent { x: amendId } ... on StreamGap { x: instrumentSymbol } } }',
  );
  const [, type = '', name = ''] = plan.primary.outputRewrites?.[0]?.path ?? [];
  const event = {
    data: { orderEvents: { __typename: type.replace('... on ', ''), [name]: null } },
    errors: [{ message: 'No.', path: ['orderEvents', name], extensions: { code: 'NOT_FOUND' } }],
  };
  const recipient = { plan, variables: {}, viewer, principal: 'anna' };
  const { errors, data } = await createHydrateEvent(() => {})(recipient, event);
  expect(name).not.toBe('x');
  expect(JSON.stringify(data)).toBe('{"orderEvents":{"x":null}}');
  expect(errors?.[0]).toMatchObject({ message: 'No.', path: ['orderEvents', 'x'] });
});

it('answers with an error, which is reported, if what came has not the form of the schema', async () => {
  const plan = planOf(
    graph,
    'subscription { orderEvents(accountId: "a") { ... on OrderSnapshot { openOrders { account { name } } } } }',
  );
  const recipient = { plan, variables: {}, viewer, principal: 'anna' };
  const reported: unknown[] = [];
  const hydrate = createHydrateEvent((cause) => reported.push(cause));
  const __typename = 'OrderSnapshot';
  const lists = [{ not: 'a list' }, 'nor this', [[]], ['no object']];
  const events = [
    ...lists.map((openOrders) => ({ data: { orderEvents: { __typename, openOrders } } })),
    ...[{ not: 'a list' }, 'nor this', [null]].map((errors) => ({
      data: { orderEvents: { __typename, openOrders: [] } },
      errors,
    })),
  ];
  for (const event of events)
    expect(textOfResult(await hydrate(recipient, event as SourceEvent))).toBe(
      '{"errors":[{"message":"An internal error occurred.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}',
    );
  expect(reported).toHaveLength(events.length);
});

it(
  'makes of events of generated subscriptions what the executor of the gateway makes of them',
  async () => {
    const services = Object.fromEntries(
      SUBGRAPH_NAMES.map((name) => {
        const file = new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url);
        return [name, madeUpSubgraph(readFileSync(file, 'utf8'))];
      }),
    ) as unknown as ServiceMap;
    const made = { ...queryGraphOver(supergraphSdl, {} as never), services: services as never };
    const seen = { fetches: 0, errors: 0, nulls: 0 };
    await fc.assert(
      fc.asyncProperty(
        generatedSubscriptions(made.apiSchema),
        async ({ query, variables: given }) => {
          const plan = planOf(made, query);
          const [variables = {}] = plan.subscription.variablesOfStreams(given);
          const event = (await services[plan.subgraph]?.process({
            request: { query: plan.primary.operation, variables },
          } as never)) as SourceEvent;
          if (event.data === undefined) return;
          const before = JSON.stringify(event);
          const hydrate = createHydrateEvent(() => {});
          const recipient = { plan, variables, viewer, principal: 'anna' };
          const result = await hydrate(recipient, event);
          const ours = JSON.parse(textOfResult(result)) as ExecutionResult;
          const theirs = await byApollo(plan, variables, event);
          seen.fetches += plan.hasFetches ? 1 : 0;
          seen.errors += theirs.errors?.length ?? 0;
          seen.nulls += theirs.data === null ? 1 : 0;
          expect(ours.data).toEqual(theirs.data);
          expect(told(ours)).toEqual(told(theirs));
          expect(JSON.stringify(event)).toBe(before); // it has other readers
        },
      ),
      { numRuns: RUNS },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

/** What Apollo's executor makes of it: its first fetch is answered with the event. */
async function byApollo(
  { graph: over, subscription, primary }: SubscriptionPlan,
  variables: Variables,
  event: SourceEvent,
): Promise<ExecutionResult> {
  const { document, source, planned } = subscription;
  const { node } = over.planOperation(operationFromDocument(over.plannerSchema, planned));
  if (node?.kind !== 'Subscription') throw new Error('It is a subscription');
  fc.pre(!JSON.stringify(node).includes('KeyRenamer')); // it loses zero and false
  const services: ServiceMap = {
    ...over.services,
    [primary.serviceName]: {
      process: (options) =>
        options.request.query === primary.operation
          ? Promise.resolve(structuredClone(event) as never)
          : (over.services as ServiceMap)[primary.serviceName]?.process(options),
    } as ServiceMap[string],
  };
  const nodes = [node.primary, ...(node.rest ? [node.rest] : [])];
  const { errors, data, extensions } = await executeQueryPlan(
    { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } },
    services,
    { request: { query: source, variables }, document, source, metrics: {}, context: {} } as never,
    buildOperationContext({ schema: over.apiSchema, operationDocument: document }),
    over.supergraphSchema,
    over.plannerSchema,
  );
  const nulls = (extensions?.['valueCompletion'] ?? []) as readonly GraphQLError[];
  const ownFault = { code: 'INTERNAL_SERVER_ERROR' };
  const faults = nulls.map(
    ({ message, path }) => new GraphQLError(message, { path: path ?? [], extensions: ownFault }),
  );
  const masked = [...(errors ?? []), ...faults].map((error) => maskToGraphQLError(error, () => {}));
  return { data: JSON.parse(JSON.stringify(data)) as Record<string, unknown>, errors: masked };
}

/** Its errors as clients see them, in no order; none is at a place that only a plan knows. */
function told({ errors = [] }: ExecutionResult): readonly string[] {
  const all = errors.map(({ message, path = [], extensions }) => {
    const end = path.findIndex((part) => part === '@' || part === '_entities');
    return JSON.stringify([message, end < 0 ? path : path.slice(0, end), extensions]);
  });
  return all.sort();
}
