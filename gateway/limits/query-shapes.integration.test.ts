// Documents that are made to hurt, on a gateway as it stands in production: introspection is off. Each
// goes over HTTP and over a socket, which has to stay open.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type DeskFixture, startDeskFixture } from '../fixtures/desk-fixture.ts';
import { PASSPORT_KEY, startPlayedSubgraph } from '../fixtures/played-subgraph.ts';
import { SocketClient } from '../fixtures/socket-client.ts';

let desk: DeskFixture;
beforeAll(async () => {
  desk = await startDeskFixture({ introspection: false });
});
afterAll(() => desk.stop());

type Errors = NonNullable<Answer['errors']>;
const repeat = (count: number, text: string) => Array.from({ length: count }, () => text).join(' ');
const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + close.repeat(depth);
const overlapping = (fragments: number, fields: number) =>
  `{ ${repeat(fragments, `...on Query { viewer { ${repeat(fields, 'id')} } }`)} }`;
const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const UNREADABLE = 'GRAPHQL_PARSE_FAILED';

/** The errors over HTTP and over a socket that afterwards still answers. */
async function refusalsOf(query: string): Promise<readonly Errors[]> {
  const { status, json } = await desk.post({ query });
  expect([status, json.data]).toEqual([400, undefined]);
  const client = await SocketClient.connect(desk.origin);
  client.subscribe('1', query);
  const { payload, ...message } = await client.next();
  expect(message).toEqual({ id: '1', type: 'error' });
  client.subscribe('2', '{ __typename }');
  expect(await client.next()).toMatchObject({ id: '2', type: 'next' });
  await client.close();
  return [json.errors ?? [], payload as unknown as Errors];
}

describe('a document', () => {
  it.each([
    ['asks for all types', 'query cop { __schema { types { name fields { name } } } }', INVALID],
    ['asks for one type', '{ __type(name: "Account") { name } }', INVALID],
    [
      'asks for types in circles',
      `{ __schema { types { ${nested(4, 'fields { type { ', '} } ').replace('} }', 'name } }')} } } }`,
      INVALID,
    ],
    ['has ten directives that are none', `{ __typename ${repeat(10, '@aa')} }`, INVALID],
    [
      'spreads a fragment with a directive a hundred times',
      `{ ${repeat(100, '...F @include(if: true)')} } fragment F on Query { serverTime }`,
      INVALID,
    ],
    ['has one field 480 times', `{ ${repeat(480, '__typename')} }`, INVALID],
    ['has far more fields that overlap than may be read', overlapping(100, 100), UNREADABLE],
    ['has as many fields that overlap as may be read', overlapping(20, 40), INVALID],
    [
      'spreads fragments in circles',
      'query { viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
      INVALID,
    ],
    ['nests a literal 5000 times', `{ a(x: ${nested(5000, '[', ']')}) }`, UNREADABLE],
    ['nests its selection 3000 times', `{ viewer ${nested(3000, '{ f ', '}')} }`, UNREADABLE],
    [
      'nests its selection as deep as may be read',
      `{ viewer ${nested(300, '{ f ', '}')} }`,
      INVALID,
    ],
    ["asks for a subgraph's schema", '{ _service { sdl } }', INVALID],
    [
      'asks for entities by their keys',
      '{ _entities(representations: [{ __typename: "Account", id: "2" }]) { __typename } }',
      INVALID,
    ],
    ['is no GraphQL', 'qwerty cop { abc }', UNREADABLE],
  ])('that %s is refused alike on both ways', async (_what, query, code) => {
    const refusals = await refusalsOf(query);
    for (const errors of refusals) {
      expect(errors.length).toBeLessThanOrEqual(5);
      expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(new Set([code]));
      expect(JSON.stringify(errors)).not.toMatch(
        /Did you mean|stack|exception|tracing|127\.0\.0\.1/,
      );
    }
    expect(refusals[1]?.map(({ message }) => message)).toEqual(
      refusals[0]?.map(({ message }) => message),
    );
  });

  it('that asks for types is told why, alike on both ways', async () => {
    for (const errors of await refusalsOf('{ __schema { queryType { name } } }'))
      expect(errors[0]?.extensions['validationErrorCode']).toBe('INTROSPECTION_DISABLED');
  });

  it.each([
    ['of the root', '{ serverTim }', '{ zzzzzz }'],
    ['of a type', '{ viewer { accountz { id } } }', '{ viewer { zzzzzz { id } } }'],
    [
      'of an argument',
      '{ instrument(symbl: "A") { symbol } }',
      '{ instrument(zzzzzz: "A") { symbol } }',
    ],
    [
      'of a type of variables',
      'query ($q: Decimall!) { serverTime }',
      'query ($q: zzzzzz!) { serverTime }',
    ],
  ])('that guesses a name %s is told no more when it is near', async (_where, near, far) => {
    const messages = async (query: string) =>
      (await refusalsOf(query)).map((errors) =>
        errors.map(({ message }) =>
          message.replaceAll(/\b(serverTim|accountz|symbl|Decimall|zzzzzz)\b/g, '*'),
        ),
      );
    expect(await messages(near)).toEqual(await messages(far));
  });

  it.each([
    [
      'a query',
      'query ($c: CandleInterval!, $i: InstrumentFilterInput) { instruments(filter: $i) { edges { node { candles(interval: $c) { edges { cursor } } } } } }',
      { c: 'ONE_DA', i: { quot: 'A' } },
      { c: 'zzzzzz', i: { zzzzzz: 'A' } },
    ],
    [
      'a subscription',
      'subscription ($d: DeliveryInput) { quoteChanged(symbols: ["A"], delivery: $d) { __typename } }',
      { d: { mode: 'LATES', maxPerSecnd: 1 } },
      { d: { mode: 'zzzzzz', zzzzzz: 1 } },
    ],
  ])('whose variables guess a name in %s is told no more when it is near', async (...asked) => {
    const [, query, near, far] = asked;
    const messages = async (variables: object) => {
      const { json } = await desk.post({ query, variables });
      const client = await SocketClient.connect(desk.origin);
      client.subscribe('1', query, variables);
      const { payload } = await client.next();
      await client.close();
      return [json.errors ?? [], payload as unknown as Errors].map((errors) =>
        errors.map(({ message }) =>
          message.replaceAll(/\b(ONE_DA|quot|LATES|maxPerSecnd|zzzzzz)\b/g, '*'),
        ),
      );
    };
    const told = await messages(near);
    expect(told[1]).toHaveLength(2);
    expect(told).toEqual(await messages(far));
  });

  it('that repeats the words before near names is refused as soon as another', async () => {
    const bodyOf = (words: string) => {
      const interval = words.repeat(Math.floor(240_000 / words.length));
      return {
        query: `{ instrument(symbol: "A") { candles(interval: "${interval}") { edges { cursor } } } }`,
      };
    };
    const timeOf = async (words: string) => {
      const begun = process.cpuUsage();
      expect((await desk.post(bodyOf(words))).status).toBe(400);
      const { user, system } = process.cpuUsage(begun);
      return user + system;
    };
    await timeOf('Did you meet ');
    const [other, near] = [await timeOf('Did you meet '), await timeOf('Did you mean ')];
    expect(near).toBeLessThan(Math.max(other, 10_000) * 20);
  });

  it.each([
    ['written out', '', '1000000'],
    ['by a variable', '($n: Int)', '$n'],
  ])(
    'that asks for a page without end %s is refused alike on both ways',
    async (_how, head, first) => {
      const query = `query ${head} { instruments(first: ${first}) { edges { node { symbol } } } }`;
      const variables = { n: 1_000_000 };
      const { status, json } = await desk.post({ query, variables });
      const client = await SocketClient.connect(desk.origin);
      client.subscribe('1', query, variables);
      const { type, payload } = await client.next();
      expect([status, type]).toEqual([400, 'error']);
      for (const errors of [json.errors, payload as unknown as Errors])
        expect(errors).toMatchObject([
          {
            message: 'The query is too costly: ask for shorter pages or fewer lists.',
            extensions: { code: INVALID, cost: 2_000_001, limit: 50_000 },
          },
        ]);
      await client.close();
    },
  );

  it('that is good is answered whatever comes with it as variables that it does not have', async () => {
    const query = 'query ($w: Boolean!) { serverTime @include(if: $w) }';
    const body = `{"query":"${query}","variables":{"w":true,"x":${nested(50_000, '[', ']')}}}`;
    const { status, json } = await desk.post(body);
    expect([status, json.errors]).toEqual([200, undefined]);
  });

  it('that has a variable of any depth where a plain value belongs is refused', async () => {
    const query = 'query ($w: Boolean!) { serverTime @include(if: $w) }';
    const body = `{"query":"${query}","variables":{"w":${nested(50_000, '[', ']')}}}`;
    const { status, json } = await desk.post(body);
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('that is good is answered without a trace of how', async () => {
    const { status, json } = await desk.post({ query: 'query cop { __typename }' });
    expect([status, json]).toEqual([200, { data: { __typename: 'Query' } }]);
  });
});

describe('the prototype of all objects', () => {
  const HOSTILE = `{"data":{"serverTime":"2026-01-01T00:00:00.000Z","__proto__":{"polluted":1},
    "constructor":{"prototype":{"polluted":1}}},"extensions":{"__proto__":{"polluted":1}},
    "errors":[{"message":"no","path":["__proto__","polluted"],"extensions":{"__proto__":{"polluted":1}}}]}`;
  const expectUnchanged = () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  };

  it.each(['__proto__', 'constructor', 'prototype'])(
    'is not reached by aliases and variables of the name %s',
    async (name) => {
      const query = `query ($${name}: ID!) {
        ${name}: instrument(symbol: $${name}) { ${name}: symbol base { ${name}: name polluted: name } }
      }`;
      const variables = JSON.parse(`{"${name}": "A-B"}`) as object;
      const { json } = await desk.post({ query, variables });
      expect(json).toBeDefined();
      const client = await SocketClient.connect(desk.origin);
      client.subscribe('1', query, variables);
      expect(await client.next()).toMatchObject({ id: '1' });
      await client.close();
      expectUnchanged();
    },
  );

  it('is not reached by what a hostile subgraph answers', async () => {
    const hostile = await startPlayedSubgraph(HOSTILE);
    const part = { url: hostile.origin, passportKey: PASSPORT_KEY };
    const subgraphs = { account: part, 'market-data': part, order: part };
    const other = await startDeskFixture({ subgraphs });
    const { json } = await other.post({ query: '{ serverTime again: serverTime }' });
    expect(json.errors?.length).toBeGreaterThan(0);
    expect(hostile.requests).toHaveLength(1);
    expectUnchanged();
    await other.stop();
    await hostile.stop();
  });
});
