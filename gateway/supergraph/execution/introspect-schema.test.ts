import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { asksForSchemaAlone } from './introspect-schema.ts';

describe('an operation asks for the schema alone', () => {
  it.each([
    ['{ __schema { description } }', true],
    ['{ __typename ...F } fragment F on Query { __schema { description } }', true],
    ['{ ... on Query { ...F } } fragment F on Query { __type(name: "A") { name } }', true],
    ['{ __schema { description } serverTime }', false],
    ['{ __schema { description } ... { serverTime } }', false],
    ['{ __typename ...F } fragment F on Query { serverTime }', false],
    ['query A { __schema { description } } query B { serverTime }', false],
    ['{ ...Missing }', false],
  ])('in %s: %j', (text, expected) => {
    expect(asksForSchemaAlone(parse(text))).toBe(expected);
  });
});
