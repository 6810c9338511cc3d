import {
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { readExamples } from './examples.ts';

// What an example costs is tried with the limits, in validation-rules.test.ts.
const { apiSchema } = composedQueryGraph();
const examples = readExamples();
const variablesOf = (text: string) => JSON.parse(text || '{}') as Record<string, unknown>;
const operationOf = (query: string) => getOperationAST(parse(query)) as OperationDefinitionNode;

describe.each(examples.map((example) => [example.name, example] as const))(
  'the example %s',
  (_name, { query, variables }) => {
    it('is one named operation of the public schema', () => {
      expect(validate(apiSchema, parse(query))).toEqual([]);
      expect(operationOf(query).name?.value).toMatch(/^[A-Z]/);
    });

    it('brings values for its variables and for nothing else', () => {
      const declared = operationOf(query).variableDefinitions ?? [];
      const given = variablesOf(variables);
      expect(getVariableValues(apiSchema, declared, given).errors).toBeUndefined();
      const names = declared.map(({ variable }) => variable.name.value);
      expect(Object.keys(given).filter((name) => !names.includes(name))).toEqual([]);
    });
  },
);

describe('the examples', () => {
  it('show what a desk does, in the order in which one learns it', () => {
    expect(examples.map(({ query }) => operationOf(query).name?.value)).toEqual([
      'Dashboard',
      'PlaceLimitOrder',
      'PlaceMarketOrder',
      'CancelOrder',
      'Quotes',
      'OrderBook',
      'OrderEvents',
      'Balances',
      'SignIn',
    ]);
  });
});
