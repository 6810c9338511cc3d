import {
  getOperationAST,
  getVariableValues,
  graphqlSync,
  isInputObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';

const { apiSchema } = composedQueryGraph();
const messages = (query: string) => validate(apiSchema, parse(query)).map(({ message }) => message);

describe('the API schema', () => {
  it('knows which inputs take exactly one member, and introspection shows it', () => {
    const { data } = graphqlSync({
      schema: apiSchema,
      source: '{ __type(name: "OrderTermsInput") { isOneOf } }',
    });
    expect(data).toEqual({ __type: { isOneOf: true } });
    const others = Object.values(apiSchema.getTypeMap()).filter(isInputObjectType);
    expect(others.filter(({ isOneOf }) => isOneOf).map(({ name }) => name)).toEqual([
      'ExitInput',
      'ExpiryInput',
      'OrderReferenceInput',
      'OrderTermsInput',
      'RfqSizeInput',
      'TradingScopeInput',
    ]);
  });

  it('refuses two members, written out or as a variable', () => {
    const place = (terms: string) =>
      `mutation { placeOrder(input: { accountId: "a", clientOrderId: "c", symbol: "BTC-USDT", side: BUY, terms: ${terms} }) { __typename } }`;
    expect(messages(place('{ market: { quantity: "1" } }'))).toEqual([]);
    expect(
      messages(place('{ market: { quantity: "1" }, limit: { quantity: "1", limitPrice: "2" } }')),
    ).toEqual([expect.stringContaining('exactly one')]);
    const operation = getOperationAST(parse('query ($terms: OrderTermsInput) { __typename }'));
    const { errors } = getVariableValues(apiSchema, operation?.variableDefinitions ?? [], {
      terms: { market: { quantity: '1' }, limit: { quantity: '1', limitPrice: '2' } },
    });
    expect(errors).toHaveLength(1);
  });

  it('refuses a Decimal that is no plain string of digits, before anything is planned', () => {
    const place = (quantity: string) =>
      `mutation { placeOrder(input: { accountId: "a", clientOrderId: "c", symbol: "BTC-USDT", side: BUY, terms: { market: { quantity: ${quantity} } } }) { __typename } }`;
    expect(messages(place('"1.5"'))).toEqual([]);
    for (const bad of ['1.5', '"1e4"', '"-1"', '"１"'])
      expect(messages(place(bad))).toHaveLength(1);
  });

  it('hides what only services may ask', () => {
    for (const name of ['FundsCommandInput', 'Principal', 'CredentialInput'])
      expect(apiSchema.getType(name)).toBeUndefined();
  });
});
