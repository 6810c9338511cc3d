import { buildSchema, operationFromDocument } from '@apollo/federation-internals';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { canBeWritten } from './can-be-written.ts';
import { compileShape } from './shape.ts';
import { compileWriting } from './write-response.ts';

const schema = buildSchema(`
  type Query { node: Node any: Any texts: [String!] must: Must }
  interface Node { id: ID! name: String }
  type A implements Node { id: ID! name: String note: String! kind: Kind count: Int }
  type B implements Node { id: ID! name: String note: String child: Node }
  union Any = A | B
  type Must { id: ID! }
  enum Kind { ONE TWO }
`);
const operationOf = (text: string) => operationFromDocument(schema, parse(text));

describe('an operation whose fields stand in one place each can be written', () => {
  it.each([
    ['{ node { id name } }', true],
    ['{ any { __typename ... on A { __typename note } ... on B { __typename note } } }', true],
    ['{ node { id ...F } } fragment F on Node { id name }', true],
    ['{ node { ...F id } } fragment F on Node { id }', false],
    ['{ node { ... on A { id } id } }', false],
    ['{ node { id @skip(if: true) ... on A { id } } }', false],
    ['{ node { ... on Node { name } ... on A { name } } }', false],
    ['{ node { ... on B { child { id } } ... on B { child { name } } } }', true],
    ['{ node { ... on B { child { ... on A { id } id } } } }', false],
  ])('%s: %j', (text, expected) => {
    expect(canBeWritten(operationOf(text).selectionSet)).toBe(expected);
  });
});

describe('what is written is what would be shaped', () => {
  const everything =
    '{ any { __typename ... on A { id note kind count } ... on B { note } } texts }';
  it.each([
    ['texts with quotes', { texts: ['"', '\\', '\u0000\u001f', '\ud800', 'ü€😀'] }],
    ['numbers', { any: { __typename: 'A', id: 1, note: 'n', kind: 'ONE', count: -0 } }],
    ['a null in its place', { any: { __typename: 'B', note: null } }],
    ['a null that takes its parent with it', { any: { __typename: 'A', id: 'a', kind: 'ONE' } }],
    ['what is no value of its type', { any: { __typename: 'A', id: 'a', note: 'n', kind: 'SIX' } }],
    ['an item that takes its list with it', { texts: ['a', null] }],
    ['another type than there is', { any: { __typename: 'C' } }],
    ['nothing', {}],
  ])('with %s', (_what, data: Record<string, unknown>) => {
    const operation = operationOf(everything);
    const shaped = compileShape(operation)(data, {});
    const written = compileWriting(operation)(data, {}, false);
    expect(written.text ?? 'null').toBe(JSON.stringify(shaped.data));
    expect(written.errors).toEqual(shaped.errors);
  });

  it('for names that mean something to every object', () => {
    const operation = operationOf('{ constructor: texts toString: texts }');
    const { text } = compileWriting(operation)({}, {}, true);
    expect(text).toBe('{"constructor":null,"toString":null}');
  });
});
