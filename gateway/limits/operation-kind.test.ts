import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedQueryGraph } from '../fixtures/composed-schema.ts';
import { ACCESS, ENDING, operationKind, RELIEF, SWITCH } from './operation-kind.ts';

const { apiSchema } = composedQueryGraph();

function read(text: string) {
  const document = parse(text);
  return [document, document.definitions[0] as OperationDefinitionNode] as const;
}

describe('the kind of an operation', () => {
  it.each([
    ['{ serverTime }', 'other'],
    ['mutation { signOut { __typename } }', 'relief'],
    ['mutation { signOutEverywhere { endedSessions } }', 'relief'],
    ['mutation { endSession(input: {}) { __typename } }', 'relief'],
    ['mutation { revokeApiKey(input: {}) { __typename } }', 'relief'],
    ['mutation { removeMember(input: {}) { __typename } }', 'relief'],
    ['mutation { refreshSession(input: {}) { __typename } }', 'other'],
    ['mutation { signInWithToken(input: {}) { __typename } }', 'other'],
    ['mutation { signUp(input: {}) { __typename } }', 'other'],
    ['mutation { changePassword(input: {}) { __typename } }', 'other'],
    ['mutation { cancelAllOrders(input: {}) { __typename } }', 'relief'],
    [
      'mutation { ...F } fragment F on Mutation { cancelOrder(input: {}) { __typename } }',
      'relief',
    ],
    [
      'mutation { cancelOrder(input: {}) { __typename } placeOrder(input: {}) { __typename } }',
      'command',
    ],
    ['mutation { ... { a: placeOrder(input: {}) { __typename } } }', 'command'],
    ['mutation { withdraw(input: {}) { __typename } }', 'command'],
    ['mutation { amendOrders(input: {}) { __typename } }', 'command'],
  ])('of %s is %s', (text, kind) => {
    expect(operationKind(...read(text), null)).toBe(kind);
  });

  it.each([
    ['HALTED', 'relief'],
    ['REDUCING', 'command'],
    ['ACTIVE', 'command'],
  ])('that sets a switch to %s is %s, however it says so', (state, kind) => {
    const scope = 'scope: { accountId: "a" }';
    const set = (input: string, declared = '') =>
      `mutation ${declared} { setTradingState(input: ${input}) { __typename } }`;
    for (const [text, variables] of [
      [set(`{ ${scope}, tradingState: ${state} }`), null],
      [set('$i', '($i: SetTradingStateInput!)'), { i: { tradingState: state } }],
      [set(`{ ${scope}, tradingState: $s }`, '($s: TradingState!)'), { s: state }],
      [set(`{ ${scope}, tradingState: $s }`, `($s: TradingState = ${state})`), {}],
    ] as const)
      expect(operationKind(...read(text), variables)).toBe(kind);
    const [document, operation] = read(set('$i', '($i: SetTradingStateInput!)'));
    for (const i of [undefined, null, 7, 'HALTED', [{ tradingState: 'HALTED' }]])
      expect(operationKind(document, operation, { i })).toBe('command');
  });

  it.each([
    ['in itself', 'fragment F0 on Mutation { cancelOrder ...F0 }', 'relief'],
    [
      'in circles',
      'fragment F0 on Mutation { ...F1 } fragment F1 on Mutation { a ...F0 }',
      'command',
    ],
    [
      'ever again',
      `${Array.from({ length: 40 }, (_, n) => `fragment F${n} on Mutation { ...F${n + 1} ...F${n + 1} }`).join(' ')}
       fragment F40 on Mutation { cancelOrder }`,
      'relief',
    ],
  ])(
    'of what nothing has checked, and spreads a fragment %s, is found soon',
    (_how, text, kind) => {
      expect(operationKind(...read(`mutation { ...F0 } ${text}`), null)).toBe(kind);
    },
  );

  it('is told by fields that there are', () => {
    const fields = Object.keys(apiSchema.getMutationType()?.getFields() ?? {});
    expect(fields).toEqual(expect.arrayContaining([...RELIEF, ...ENDING, SWITCH, ...ACCESS]));
  });
});
