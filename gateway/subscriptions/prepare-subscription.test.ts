import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getOperationAST } from 'graphql';
import { assert, expect, it, vi } from 'vitest';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import { PlanningTime } from '../limits/planning-time.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { SubscriptionPreparer } from './prepare-subscription.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';

function preparerOf(queryGraph: () => QueryGraph) {
  const planning = new PlanningTime({ now: () => 0 });
  const options = { rules: [], shownMessage: String, planning };
  return { preparer: new SubscriptionPreparer(queryGraph, options), planning };
}

it('what is prepared keeps no version of the supergraph but the present one', async () => {
  const versions: QueryGraph[] = [];
  const { preparer } = preparerOf(() => versions.at(-1) as QueryGraph);
  const take = (number: number) => {
    const graph = composedQueryGraph(`${supergraphSdl}\n# version ${number}\n`);
    versions.splice(0, 1, graph);
    expect(preparer.prepare({ query: QUOTES }, null).kind).toBe('subscription');
    return new WeakRef(graph);
  };
  const [old, present] = [take(1), take(2)];
  const isKept = (version: WeakRef<QueryGraph>) => {
    collect();
    return version.deref() !== undefined;
  };
  await expect.poll(() => isKept(old), { timeout: 20_000 }).toBe(false);
  expect(isKept(present)).toBe(true);
});

it.each([
  ['Int', 'orderBookChanged(symbol: "A", depth: $given) { __typename }'],
  ['DeliveryMode', 'quoteChanged(symbols: ["A"], delivery: { mode: $given }) { __typename }'],
  ['Boolean = true', 'quoteChanged(symbols: ["A"]) { ... @skip(if: $given) { __typename } }'],
])('null of a %s for what cannot be null is the mistake of its client', (type, field) => {
  const graph = composedQueryGraph();
  const { preparer } = preparerOf(() => graph);
  const query = `subscription ($given: ${type}) { ${field} }`;
  const prepared = preparer.prepare({ query }, null);
  assert(prepared.kind === 'subscription');
  const operation = getOperationAST(prepared.document);
  assert(operation);
  const asked = { schema: graph.apiSchema, document: prepared.document, operation };
  const streamsOf = (variables: object) =>
    preparer.streamsOf(prepared.plan, { ...asked, variables: { ...variables } });
  expect(streamsOf({ given: null })).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(streamsOf({})).toMatchObject({ streams: [{}] });
});

it('what is new is planned in the time of whoever asks for it', () => {
  const graph = composedQueryGraph();
  const { preparer, planning } = preparerOf(() => graph);
  const anew = (name: string) => QUOTES.replace('sequence', `${name}: sequence`);
  const kindFor = (query: string, user: string) => preparer.prepare({ query }, user).kind;
  const spent = vi.spyOn(planning, 'spend');
  expect(kindFor(QUOTES, 'user:anna')).toBe('subscription');
  expect(kindFor(QUOTES, 'user:anna')).toBe('subscription');
  expect(spent.mock.calls.map(([user]) => user)).toEqual(['user:anna']);

  expect(kindFor(anew('a'), 'user:bert')).toBe('subscription');
  expect(spent.mock.calls.map(([user]) => user)).toEqual(['user:anna', 'user:bert']);
});

it('knows what was prepared, but not whether a query or mutation is planned', () => {
  const graph = composedQueryGraph();
  const { preparer } = preparerOf(() => graph);
  const known = [QUOTES, 'subscription { no }', '{ serverTime }'].map((query) => {
    const before = preparer.isPrepared({ query });
    preparer.prepare({ query }, 'user:anna');
    return [before, preparer.isPrepared({ query })];
  });
  expect(known).toEqual([
    [false, true],
    [false, true],
    [false, false],
  ]);
});

it('the long documents of somebody else make nobody have theirs planned again', () => {
  const graph = composedQueryGraph();
  const { preparer, planning } = preparerOf(() => graph);
  const prepare = (query: string, user: string) => preparer.prepare({ query }, user);
  prepare(QUOTES, 'user:anna');
  for (let number = 0; number < 12; number += 1)
    prepare(`${QUOTES} # ${number} ${'x'.repeat(120_000)}`, 'user:bert');
  const spent = vi.spyOn(planning, 'spend');
  prepare(QUOTES, 'user:anna');
  expect(spent).not.toHaveBeenCalled();
});
