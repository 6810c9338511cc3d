import { buildSchema, GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileAnswer } from './compile-answer.ts';
import type { JsonObject } from './own-property.ts';

const schema = buildSchema(`
  type Query { a: Thing b: Thing must: Thing! }
  type Thing { id: ID! kind: Kind }
  enum Kind { ONE }
`);
const graph = { apiSchema: schema, supergraphSchema: schema, services: {} };
const THING = { id: '1', kind: 'ONE' };
const at = (...path: (string | number)[]) => new GraphQLError('No.', { path });

async function answered(query: string, data: JsonObject, errors: readonly unknown[]) {
  const parts = { document: parse(query), variableDefinitions: {} as never, node: undefined };
  const request = { request: { query, variables: {} }, context: {} };
  const read = () => ({ data, errors, isPlain: false });
  return compileAnswer(graph, parts)(request, read);
}

describe('a null that a subgraph must not give', () => {
  it('is told beside the errors of other fields, which do not explain it', async () => {
    const data = { a: null, b: { ...THING, kind: 'SIX' } };
    const result = await answered('{ a { id } b { id kind } }', data, [at('a')]);
    expect(JSON.stringify(result.data)).toBe('{"a":null,"b":{"id":"1","kind":null}}');
    expect(result.errors?.map(({ message, path }) => [message, path])).toEqual([
      ['No.', ['a']],
      ['Invalid value found for field Thing.kind.', ['b', 'kind']],
    ]);
  });

  it.each([
    ['one of the same field', { a: THING, b: { kind: null } }, at('b', 'id')],
    ['one of no field', { a: THING, b: { kind: null } }, new GraphQLError('No.')],
    ['one that leaves no data at all', { must: null, b: { kind: null } }, at('must')],
  ])('is not told beside %s', async (_which, data, error) => {
    const query = 'must' in data ? '{ must { id } b { id } }' : '{ a { id } b { id } }';
    const { errors } = await answered(query, data, [error]);
    expect(errors).toEqual([error]);
  });
});

it('is an error alone if what was read cannot be', async () => {
  const document = parse('{ a { id } }');
  const parts = { document, variableDefinitions: {} as never, node: undefined };
  const request = { request: {}, context: {} };
  const answer = compileAnswer(graph, parts);
  const result = await answer(request, () => {
    throw new TypeError('It has no form.');
  });
  expect(result).toEqual({ errors: [expect.objectContaining({ message: 'It has no form.' })] });
});
