import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { assert, expect, it } from 'vitest';
import { composedQueryGraph, supergraphSdl } from '../fixtures/composed-schema.ts';
import type { QueryGraph } from '../supergraph/query-graph.ts';
import { SubscriptionPreparer } from './prepare-subscription.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const QUOTES = 'subscription { quoteChanged(symbols: ["A"]) { ... on QuoteUpdate { sequence } } }';

it('what is prepared keeps no version of the supergraph but the present one', async () => {
  const versions: QueryGraph[] = [];
  const preparer = new SubscriptionPreparer(() => versions.at(-1) as QueryGraph, [], String);
  const take = (number: number) => {
    const graph = composedQueryGraph(`${supergraphSdl}\n# version ${number}\n`);
    versions.splice(0, 1, graph);
    expect(preparer.prepare({ query: QUOTES }).kind).toBe('subscription');
    return new WeakRef(graph);
  };
  const [old, present] = [take(1), take(2)];
  const isKept = (version: WeakRef<QueryGraph>) => {
    collect();
    return version.deref() !== undefined;
  };
  await expect.poll(() => isKept(old), { timeout: 20_000 }).toBe(false);
  expect(isKept(present)).toBe(true);
}, 60_000);

it.each([
  ['Int', 'orderBookChanged(symbol: "A", depth: $given)'],
  ['DeliveryMode', 'quoteChanged(symbols: ["A"], delivery: { mode: $given })'],
])('null of a %s for what cannot be null is the mistake of its client', (type, field) => {
  const graph = composedQueryGraph();
  const preparer = new SubscriptionPreparer(() => graph, [], String);
  const query = `subscription ($given: ${type}) { ${field} { __typename } }`;
  const prepared = preparer.prepare({ query });
  assert(prepared.kind === 'subscription');
  expect(preparer.coerceVariables(prepared.plan, { given: null })).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(preparer.coerceVariables(prepared.plan, {})).toMatchObject({ streams: [{}] });
});
