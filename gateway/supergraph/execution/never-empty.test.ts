import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { composedQueryGraph } from '../../fixtures/composed-schema.ts';
import { compileOperation } from './compile-operation.ts';

const INPUT = '{ accountId: "1", order: { clientOrderId: "2" } }';

const graph = composedQueryGraph();

it.each([
  [
    'a query',
    '{ feedStatus @include(if: $yes) { since @include(if: $no) } }',
    { feedStatus: [{}] },
  ],
  [
    'one with a condition that is written out',
    '{ feedStatus @include(if: $yes) { since @skip(if: true) ... @include(if: $no) { venue } } }',
    { feedStatus: [{}] },
  ],
  [
    'one with fragments',
    '{ ... @include(if: $yes) { feedStatus { ...F } } } fragment F on FeedStatus { since @include(if: $no) }',
    { feedStatus: [{}] },
  ],
  [
    'a command',
    `{ cancelOrder(input: ${INPUT}) @include(if: $yes) { __typename @include(if: $no) } }`,
    { cancelOrder: {} },
  ],
])('asks a subgraph though nothing is to be shown of it: %s', async (_of, body, data) => {
  const kind = body.includes('cancelOrder') ? 'mutation' : 'query';
  const query = `${kind} ($yes: Boolean!, $no: Boolean!) ${body}`;
  const asked: string[] = [];
  const service = {
    process: ({ request }: { request: { query: string } }) => {
      asked.push(request.query);
      const cancelOrder = { __typename: 'OrderCanceled' };
      return Promise.resolve({ data: { feedStatus: [{ __typename: 'FeedStatus' }], cancelOrder } });
    },
  };
  const services = { ...graph.services, order: service, 'market-data': service } as never;
  const { run } = compileOperation({ ...graph, services }, parse(query), undefined);
  const variables = { yes: true, no: false };
  const answer = await run({ request: { query, variables }, context: {} } as never);
  expect(JSON.parse(JSON.stringify(answer))).toEqual({ data });
  expect(asked).toHaveLength(1);
});
