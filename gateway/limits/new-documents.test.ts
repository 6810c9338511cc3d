import { ApolloServer } from '@apollo/server';
import { expect, it, vi } from 'vitest';
import { userNamed } from '../fixtures/viewers.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { countReading, NewDocuments } from './new-documents.ts';
import { PlanningTime } from './planning-time.ts';

const ANNA = { viewer: userNamed('anna'), origin: null };
const BERT = { viewer: userNamed('bert'), origin: null };
const KNOWN = '{ serverTime }';
const CANCEL = 'mutation Cancel { cancelOrder(input: { orderId: "1" }) { __typename } }';

function newDocuments() {
  const planning = new PlanningTime({ now: () => 0 });
  return { planning, documents: new NewDocuments(planning, ({ query }) => query === KNOWN) };
}

it('come in one a turn of the event loop, of each principal in turn', async () => {
  const { documents } = newDocuments();
  const begun: string[] = [];
  const ask = async (name: string, sender: typeof ANNA) => {
    await documents.admit(sender, { query: `{ ${name} }` });
    begun.push(name);
  };
  const asked = [ask('a1', ANNA), ask('a2', ANNA), ask('a3', ANNA), ask('b1', BERT)];
  await documents.admit(ANNA, { query: KNOWN });
  expect(begun).toEqual([]);
  const counts: number[] = [];
  while (begun.length < asked.length) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(begun.length);
  }
  expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  expect([...new Set(counts)]).toEqual([1, 2, 3, 4]);
});

it('take no turn if one like them was read meanwhile', async () => {
  const { documents } = newDocuments();
  const known = new Set<string>();
  const begun: string[] = [];
  const ask = async (query: string) => {
    await documents.admit(ANNA, { query }, (asked) => known.has(asked.query));
    begun.push(query);
    known.add(query);
  };
  const asked = ['{ a }', '{ a }', '{ a }', '{ b }', '{ c }'].map(ask);
  while (begun.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['{ a }']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['{ a }', '{ a }', '{ a }', '{ b }']);
  await Promise.all(asked);
});

it('are not read for whom too much was, in the very turn; what is known runs on', async () => {
  const { documents, planning } = newDocuments();
  const both = [
    documents.admit(ANNA, { query: '{ a }' }),
    documents.admit(ANNA, { query: '{ b }' }),
  ];
  void both[0]?.then(() => planning.count('user:anna', 5050)); // what reading the first one takes
  const refusal = {
    message: 'Your operations are new too often: put values into variables, or wait 250 ms.',
    extensions: {
      ...{ code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryAfterMs: 250 },
      ...{ reason: 'TOO_MUCH_PLANNED', http: { status: 429 } },
    },
  };
  expect(await Promise.all(both)).toMatchObject([null, refusal]);
  expect(await documents.admit(ANNA, { query: KNOWN })).toBeNull();
  expect(await documents.admit(BERT, { query: '{ a }' })).toBeNull();
});

it.each([
  ['a cancel', CANCEL, {}, true],
  [
    'a switch',
    'mutation ($i: X!) { setTradingState(input: $i) { a } }',
    { i: { tradingState: 'HALTED' } },
    true,
  ],
  [
    'one that lets trading go on',
    'mutation ($i: X!) { setTradingState(input: $i) { a } }',
    { i: {} },
    false,
  ],
  ['one of several operations', `${CANCEL} query Other { serverTime }`, {}, true],
  ['a cancel beside an order', 'mutation Cancel { cancelOrder { a } placeOrder { a } }', {}, false],
  ['a cancel that takes long to read', CANCEL.replace('__typename', 'a '.repeat(200)), {}, false],
  ['a cancel among comments', CANCEL + '#\n'.repeat(5000), {}, false],
  ['no cancel, but a field of its name', 'query Cancel { cancelOrder }', {}, false],
  ['no GraphQL', 'mutation { cancelOrder', {}, false],
])(
  'are read in any state if they take risk away and are short: %s',
  async (_what, query, variables, isRead) => {
    const { documents, planning } = newDocuments();
    planning.count('user:anna', 10_000);
    const operationName = query.includes('Cancel') ? 'Cancel' : undefined;
    const refusal = await documents.admit(ANNA, { query, variables, operationName });
    expect(refusal === null).toBe(isRead);
  },
);

it('are read in the time of who sends them, valid or not, and known ones take none', async () => {
  const planning = new PlanningTime({ now: () => 0 });
  const counted = vi.spyOn(planning, 'count');
  const apollo = new ApolloServer<GatewayContext>({
    typeDefs: 'type Query { a: Int }',
    plugins: [countReading(planning)],
  });
  const ask = (query: string, contextValue: object) =>
    apollo.executeOperation({ query }, { contextValue: contextValue as GatewayContext });
  for (const query of ['{ a }', '{ a }', '{ b }', '{']) await ask(query, ANNA);
  await ask('{ c }', BERT);
  await apollo.stop();
  // Parsed and validated, twice; the last one was only parsed.
  expect(counted.mock.calls.filter(([principal]) => principal === 'user:anna')).toHaveLength(5);
  expect(counted.mock.calls.filter(([principal]) => principal === 'user:bert')).toHaveLength(2);
  for (const [, takenMs] of counted.mock.calls) expect(takenMs).toBeGreaterThanOrEqual(0);
});
