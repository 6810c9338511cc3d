// Our executor beside that of @apollo/gateway: the same plans over the same subgraphs, real schemas
// with made-up data, must give the same data and the same errors.
import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import fc from 'fast-check';
import { type ExecutionResult, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { UnescapedAnswer } from '#shared/subgraph/subgraph-answer.ts';
import { queryGraphOver, supergraphSdl } from '../../fixtures/composed-schema.ts';
import { generatedOperations } from '../../fixtures/generated-operation.ts';
import { madeUpSubgraph } from '../../fixtures/made-up-subgraph.ts';
import { SUBGRAPH_NAMES } from '../subgraph-names.ts';
import { compileOperation } from './compile-operation.ts';
import { JsonText } from './json-text.ts';

const RUNS = 80;
const LIMIT_MS = 120_000;

const awkward = load(
  ['catalog', 'stock', 'reviews'],
  (name) => `../../fixtures/federation/${name}.graphql`,
);
const desk = load(SUBGRAPH_NAMES, (name) => `../../../subgraphs/${name}/schema.graphql`);
const composed = composeServices(
  Object.entries(awkward).map(([name, sdl]) => ({ name, typeDefs: parse(sdl), url: 'http://x' })),
);

describe.each([
  ['awkward schemas', awkward, composed.supergraphSdl ?? String(composed.errors)],
  ['our own schemas', desk, supergraphSdl],
])('over %s', (_name, schemas, sdl) => {
  const services = Object.fromEntries(
    Object.entries(schemas).map(([name, text]) => [name, marked(madeUpSubgraph(text))]),
  ) as unknown as ServiceMap;
  const graph = { ...queryGraphOver(sdl, {} as never), services };

  it(
    'generated operations have the data and errors of the gateway',
    async () => {
      let errors = 0;
      await fc.assert(
        fc.asyncProperty(generatedOperations(graph.apiSchema), async ({ query, variables }) => {
          const document = parse(query);
          const request = {
            request: { query, variables },
            document,
            source: query,
            schema: graph.apiSchema,
            metrics: {},
            context: {},
          } as never;
          const plan = graph.planOperation(operationFromDocument(graph.plannerSchema, document));
          fc.pre(!JSON.stringify(plan).includes('KeyRenamer')); // Apollo's loses zero and false
          const theirs = await executeQueryPlan(
            plan,
            services,
            request,
            buildOperationContext({ schema: graph.apiSchema, operationDocument: document }),
            graph.supergraphSchema,
            graph.plannerSchema,
          );
          const ours = await compileOperation(graph, document, undefined).run(request);
          errors += theirs.errors?.length ?? 0;
          expect(JSON.parse(textOf(ours.data))).toEqual(JSON.parse(JSON.stringify(theirs.data)));
          expect(described(withoutMore(ours, theirs))).toEqual(described(theirs));
        }),
        { numRuns: RUNS },
      );
      expect(errors).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

/** Says of answers without a backslash that they are, as a subgraph's client does. */
function marked(service: ReturnType<typeof madeUpSubgraph>) {
  return {
    process: async (options: Parameters<typeof service.process>[0]) => {
      const answer = await service.process(options);
      return JSON.stringify(answer).includes('\\') ? answer : new UnescapedAnswer(answer);
    },
  };
}

function textOf(data: unknown): string {
  return data instanceof JsonText ? data.text : JSON.stringify(data);
}

/** Apollo has no nulls beside errors: ours are those of other root fields. */
function withoutMore(ours: ExecutionResult, theirs: ExecutionResult): ExecutionResult {
  if (theirs.errors === undefined) return ours;
  const fields = new Set(theirs.errors.map(({ path }) => path?.[0]));
  return { errors: (ours.errors ?? []).filter(({ path }) => fields.has(path?.[0])) };
}

/** Errors, and nulls for which Apollo has none; parallel fetches add theirs in no order. */
function described({ errors = [], extensions = {} }: ExecutionResult): readonly string[] {
  const nulls = (extensions['valueCompletion'] ?? []) as readonly (typeof errors)[number][];
  const code = 'INTERNAL_SERVER_ERROR';
  return [
    ...errors.map((error) => JSON.stringify([error.message, error.path, error.extensions])),
    ...nulls.map(({ message, path }) => JSON.stringify([message, path, { code }])),
  ].sort();
}

function load(names: readonly string[], file: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(file(name), import.meta.url), 'utf8')]),
  );
}
