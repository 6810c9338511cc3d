// Events and answers beside what graphql-js reads from one schema over the same data.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { queryGraphOver, supergraphSdl } from '../../fixtures/composed-schema.ts';
import { generatedOperations, generatedSubscriptions } from '../../fixtures/generated-operation.ts';
import { oneWorld } from '../../fixtures/one-world.ts';
import { validationRules } from '../../limits/validation-rules.ts';
import { normalizeSubscription } from '../../subscriptions/normalized-subscription.ts';
import { SUBGRAPH_NAMES } from '../subgraph-names.ts';
import { compileEvents } from './compile-events.ts';
import { compileOperation } from './compile-operation.ts';
import { JsonText } from './json-text.ts';

/** Few plans change a name. */
const EVENTS = 80;
const ANSWERS = 60;
const LIMIT_MS = 120_000;

const graph = queryGraphOver(supergraphSdl, {} as never);
const { apiSchema } = graph;
const sdls = SUBGRAPH_NAMES.map((name) => {
  const file = new URL(`../../../subgraphs/${name}/schema.graphql`, import.meta.url);
  return [name, readFileSync(file, 'utf8')];
});
const { services, read } = oneWorld(apiSchema, Object.fromEntries(sdls) as Record<string, string>);
const over = { ...graph, services: services as never };
/** Names that the planner uses itself are refused. */
const rules = validationRules({ introspection: true }).filter(({ name }) =>
  name.includes('Reserved'),
);
const isAllowed = ({ query }: { readonly query: string }) =>
  validate(apiSchema, parse(query), rules).length === 0;
const textOf = (data: unknown) => (data instanceof JsonText ? data.text : JSON.stringify(data));
/** A rate is rounded, and each entry of a list is a stream: the one schema knows neither. */
const isOne = ({ query }: { readonly query: string }) =>
  isAllowed({ query }) && !query.includes('maxPerSecond');

it(
  'an event is what one schema of all subgraphs gives',
  async () => {
    let renamed = 0;
    await fc.assert(
      fc.asyncProperty(
        generatedSubscriptions(apiSchema).filter(isOne),
        async ({ query, variables: given }) => {
          const subscription = normalizeSubscription(apiSchema, parse(query), null);
          const [variables = {}] = subscription.variablesOfStreams(given);
          const { subgraph, primary, answer } = compileEvents(over, subscription);
          renamed += primary.outputRewrites?.length ?? 0;
          const request = { query: primary.operation, variables };
          const event = await services[subgraph]?.process({ request });
          const ours = await answer({ request: { variables }, context: {} }, event ?? {});
          const theirs = await read(query, given);
          expect([ours.errors, theirs.errors]).toEqual([undefined, undefined]);
          expect(textOf(ours.data)).toBe(JSON.stringify(theirs.data));
        },
      ),
      { numRuns: EVENTS },
    );
    expect(renamed).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

it(
  'an answer is what one schema of all subgraphs gives',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        generatedOperations(apiSchema).filter(isAllowed),
        async ({ query, variables }) => {
          const { run } = compileOperation(over, parse(query), undefined);
          const ours = await run({ request: { query, variables }, context: {} } as never);
          const theirs = await read(query, variables);
          expect([ours.errors, theirs.errors]).toEqual([undefined, undefined]);
          expect(textOf(ours.data)).toBe(JSON.stringify(theirs.data));
        },
      ),
      { numRuns: ANSWERS },
    );
  },
  LIMIT_MS,
);
