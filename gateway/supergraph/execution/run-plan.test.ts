// Where the errors of fetches are in a response, as its client knows it.
import type { ServiceMap } from '@apollo/gateway';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { queryGraphOver, supergraphSdl } from '../../fixtures/composed-schema.ts';
import { compileOperation } from './compile-operation.ts';

const QUERY = '{ viewer { accounts { valuation { value } } } }';

type Answers = Readonly<Record<'account' | 'market-data', object>>;

/** Runs the query over subgraphs that answer this. @returns the paths of its errors */
async function pathsOf(answers: Answers): Promise<readonly unknown[]> {
  const services = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      { process: () => Promise.resolve(answer) },
    ]),
  ) as unknown as ServiceMap;
  const graph = { ...queryGraphOver(supergraphSdl, {} as never), services };
  const { run } = compileOperation(graph, parse(QUERY), undefined);
  const { errors = [] } = await run({ request: { query: QUERY }, context: {} } as never);
  return errors.map(({ path }) => path);
}

const account = (...accounts: readonly object[]) => ({
  data: { viewer: { accounts: accounts.map((one) => ({ __typename: 'Account', ...one })) } },
});

it('an error of all entities is at the place that they are below', async () => {
  const paths = await pathsOf({
    account: account({ id: 'a', balancesToValue: [] }),
    'market-data': { data: null, errors: [{ message: 'No.', path: ['_entities'] }] },
  });
  expect(paths).toEqual([['viewer', 'accounts']]);
});

it('an error of one entity is at its place, also if others were not asked about', async () => {
  const paths = await pathsOf({
    account: account({ id: 'without balances' }, { id: 'b', balancesToValue: [] }),
    'market-data': {
      data: { _entities: [{ __typename: 'Account', valuation: null }] },
      errors: [{ message: 'No.', path: ['_entities', 0, 'valuation'] }],
    },
  });
  expect(paths).toEqual([['viewer', 'accounts', 1, 'valuation']]);
});
