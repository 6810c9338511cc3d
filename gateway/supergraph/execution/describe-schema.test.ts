import { execute, type ExecutionResult, parse } from 'graphql';
import { expect, it } from 'vitest';
import { queryGraphOver, supergraphSdl } from '../../fixtures/composed-schema.ts';
import { compileOperation } from './compile-operation.ts';
import { JsonText } from './json-text.ts';

const SERVER_TIME = { serverTime: '2026-01-01T00:00:00.000Z' };
const service = { process: () => Promise.resolve({ data: { ...SERVER_TIME } }) };
const services = { account: service, 'market-data': service, order: service } as never;
const graph = queryGraphOver(supergraphSdl, services);
const INPUT = '__type(name: "OrderTermsInput")';

it.each([
  ['alone', '{ __schema { queryType { name } } }', {}],
  [
    'beside data, in the order of the text',
    `{ a: ${INPUT} { isOneOf } serverTime __typename }`,
    {},
  ],
  [
    'in fragments, in several parts',
    `{ ...F ... { ${INPUT} { isOneOf } } serverTime } fragment F on Query { ${INPUT} { ...T } __typename }
     fragment T on __Type { name inputFields { name } }`,
    {},
  ],
  [
    'by variables',
    'query($n: String!) { __type(name: $n) { name kind } serverTime }',
    { n: 'Order' },
  ],
  [
    'under conditions',
    `query($x: Boolean = false) {
       ${INPUT} @include(if: $x) { name } serverTime ${INPUT} { isOneOf ... @skip(if: $x) { kind } }
       __schema @include(if: $x) { description }
     }`,
    {},
  ],
])(
  'what an operation asks of the schema is answered as by graphql-js: %s',
  async (_how, query, variables) => {
    const document = parse(query);
    const { run } = compileOperation(graph, document, undefined);
    const { data, errors } = await run({ request: { query, variables }, context: {} } as never);
    const theirs = execute({
      ...{ schema: graph.apiSchema, document, variableValues: variables, rootValue: SERVER_TIME },
    }) as ExecutionResult;
    expect(errors).toBeUndefined();
    expect(data instanceof JsonText && data.text).toBe(JSON.stringify(theirs.data));
  },
);
