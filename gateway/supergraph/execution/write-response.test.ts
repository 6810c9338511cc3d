import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../../fixtures/composed-schema.ts';
import { generatedOperations, generatedSubscriptions } from '../../fixtures/generated-operation.ts';
import { madeUpValue } from '../../fixtures/made-up-subgraph.ts';
import type { JsonObject } from './own-property.ts';
import { compileWriting } from './write-response.ts';

const RUNS = 200;
/** One field of this many is null. */
const NULL_OF = 40;

const schema = buildSchema(`
  type Query { node: Node any: Any texts: [String!] must: Must }
  interface Node { id: ID! name: String }
  type A implements Node { id: ID! name: String note: String! kind: Kind count: Int child: Node }
  type B implements Node { id: ID! name: String note: String child: Node }
  union Any = A | B
  type Must { id: ID! }
  enum Kind { ONE TWO }
`);

const listing = buildSchema('type Query { nodes: [Node!]! } type Node { id: ID! }');

/** What graphql-js makes of data that has the names of the response. */
function executed(
  over: GraphQLSchema,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
  read: GraphQLFieldResolver<JsonObject, unknown>,
  rootValue: JsonObject,
): ExecutionResult {
  return execute({
    ...{ schema: over, document: parse(query), variableValues, rootValue },
    fieldResolver: read,
    typeResolver: (value: JsonObject) => value['__typename'] as string,
  }) as ExecutionResult;
}

const nodes = {
  node: { __typename: 'A', id: '1', name: 'a', child: { __typename: 'B', id: '2', name: 'b' } },
  any: { __typename: 'A', id: '1', name: 'a', note: 'n', kind: 'ONE', count: 3 },
};
const [YES, NO] = [{ x: true }, { x: false }];

describe('a response has the fields of graphql-js, in its order', () => {
  it.each([
    ['{ node { ...F id } } fragment F on Node { name id }', {}],
    ['{ node { ... on A { id } name id } }', {}],
    ['{ node { ... on B { name } id ... on Node { name } ... on A { name id } } }', {}],
    ['{ node { id child { id } ... on A { child { name } } ... on B { id } } }', {}],
    ['{ node { ... { id } name ... { child { id } } } must { id } ... { must { id } } }', {}],
    ['query($x: Boolean!) { node { id @include(if: $x) name id } }', YES],
    ['query($x: Boolean!) { node { id @include(if: $x) name id } }', NO],
    ['query($x: Boolean!) { node { id @include(if: $x) name id @skip(if: $x) } }', NO],
    ['query($x: Boolean!) { node { ...F @skip(if: $x) name ...F } } fragment F on A { id }', YES],
    ['query($x: Boolean!) { node { ... @include(if: $x) { child { id } } child { name } } }', YES],
    ['query($x: Boolean!) { node { ... @include(if: $x) { child { id } } child { name } } }', NO],
    ['query($x: Boolean = false) { node { child { name id @include(if: $x) } id } }', {}],
    ['{ any { __typename ... on Node { name } ... on A { t: __typename count name } } }', {}],
  ])('in %s with %j', (query, variables) => {
    const { data } = executed(
      schema,
      query,
      variables,
      (source, _args, _context, { path }) => source[path.key],
      nodes,
    );
    const { text } = compileWriting(schema, parse(query))(nodes, variables, true);
    expect(text).toBe(JSON.stringify(data));
  });

  it('and for generated operations its nulls and the paths of its errors too', () => {
    const { apiSchema } = composedQueryGraph();
    const operations = fc.oneof(generatedOperations(apiSchema), generatedSubscriptions(apiSchema));
    let nulls = 0;
    fc.assert(
      fc.property(operations, ({ query, variables }) => {
        const input: JsonObject = {};
        const fill: GraphQLFieldResolver<JsonObject, unknown> = (source, args, _context, info) => {
          const seed = JSON.stringify([
            source['__seed'],
            info.parentType.name,
            info.path.key,
            args,
          ]);
          const value = () => madeUpValue(apiSchema, info.returnType, seed);
          // Also where the schema allows none.
          return (source[info.path.key] ??= seed.length % NULL_OF === 0 ? null : value());
        };
        const theirs = executed(apiSchema, query, variables, fill, input);
        const ours = compileWriting(apiSchema, parse(query))(input, variables, false);
        nulls += ours.errors.length;
        expect(ours.text ?? 'null').toBe(JSON.stringify(theirs.data));
        // It looks no further into a list than to the first item that cannot be null.
        const paths = (theirs.errors ?? []).map(({ path }) => path);
        expect(ours.errors.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
      }),
      { numRuns: RUNS },
    );
    expect(nulls).toBeGreaterThan(0);
  });
});

describe('a condition', () => {
  it('is decided once for a response, however many objects it has and however often it is written', () => {
    let decisions = 0;
    const fields = 'id '.repeat(10);
    const once = parse(
      `{ nodes { ... @include(if: false) { ${fields} } ... @include(if: true) { ${fields} } } }`,
    );
    const counted = visit(once, {
      BooleanValue: (node) => ({
        ...node,
        get value() {
          decisions += 1;
          return node.value;
        },
      }),
    });
    const nodesOf = (count: number) => Array.from({ length: count }, (_, id) => ({ id: `${id}` }));
    const decisionsFor = (count: number) => {
      decisions = 0;
      const input = { nodes: nodesOf(count) };
      const { text } = compileWriting(listing, counted)(input, {}, true);
      expect(text).toBe(JSON.stringify(input));
      return decisions;
    };
    expect(decisionsFor(1000)).toBe(decisionsFor(1));
    // Once for each part in which it is written, and once for where it is not the first.
    expect(decisions).toBeLessThanOrEqual(3);
  });
});

describe('what does not fit the schema is a null with its reason', () => {
  const EVERYTHING =
    '{ any { __typename ... on A { id note kind count } ... on B { note } } texts }';
  const some = { __typename: 'A', id: 'a', note: 'n', kind: 'ONE', count: 1 };
  const notNull = (place: string) => `Cannot return null for non-nullable ${place}.`;
  it.each([
    [
      'a null that takes its parent with it',
      { any: { ...some, note: null } },
      notNull('field A.note'),
    ],
    [
      'what is no value of its type',
      { any: { ...some, id: false } },
      'Invalid value found for field A.id.',
    ],
    [
      'an item that takes its list with it',
      { texts: ['a', null] },
      notNull('array element of type String at index 1'),
    ],
    [
      'an object of which nobody said what it is',
      { any: {} },
      'An object of type Any has no type of its own.',
    ],
    [
      'another type than there is',
      { any: { __typename: 'C' } },
      'Invalid __typename found for object at field Query.any.',
    ],
  ])('for %s', (_what, input: JsonObject, reason) => {
    const { text, errors } = compileWriting(schema, parse(EVERYTHING))(input, {}, false);
    expect(JSON.parse(text ?? '')).toEqual({ any: null, texts: null });
    expect(errors[0]?.message).toBe(reason);
  });

  it('also in the enum of a field that stays', () => {
    const input = { any: { ...some, kind: 'SIX' } };
    const { text, errors } = compileWriting(schema, parse('{ any { ... on A { kind count } } }'))(
      input,
      {},
      false,
    );
    expect(text).toBe('{"any":{"kind":null,"count":1}}');
    expect(errors[0]?.message).toBe('Invalid value found for field A.kind.');
  });
});

describe('texts', () => {
  it('are written as JSON.stringify writes them', () => {
    const input = { texts: ['"', '\\', '\u0000\u001f', '\ud800', 'ü€😀'] };
    const { text } = compileWriting(schema, parse('{ texts }'))(input, {}, false);
    expect(text).toBe(JSON.stringify(input));
  });

  it('can have names that mean something to every object', () => {
    const document = parse('{ constructor: texts toString: texts __proto__: texts }');
    const { text } = compileWriting(schema, document)({}, {}, true);
    expect(text).toBe('{"constructor":null,"toString":null,"__proto__":null}');
  });
});
