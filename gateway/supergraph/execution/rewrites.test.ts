import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { composedQueryGraph } from '../../fixtures/composed-schema.ts';
import { compileOperation } from './compile-operation.ts';

const STOP = `mutation {
  setTradingState(input: { scope: { desk: true }, tradingState: HALTED, reason: "r" }) {
    ... on TradingReasonInvalid { count: maxLength }
    ... on TradingStateSet { count: canceledOrders }
  }
}`;

const graph = composedQueryGraph();

it.each([0, 7])('a value under a name that the plan had changed is shown: %d', async (count) => {
  const order = {
    process: ({ request }: { request: { query: string } }) => {
      const [, name = ''] = /(\w+):canceledOrders/.exec(request.query) ?? [];
      expect(name).not.toBe('count');
      const setTradingState = { __typename: 'TradingStateSet', [name]: count };
      return Promise.resolve({ data: { setTradingState } });
    },
  };
  const services = { ...graph.services, order } as never;
  const { run } = compileOperation({ ...graph, services }, parse(STOP), undefined);
  const { data, errors } = await run({ request: { query: STOP }, context: {} } as never);
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toBe(JSON.stringify({ setTradingState: { count } }));
});
