import {
  GraphQLError,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  Kind,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { DateTimeScalar, DecimalScalar } from './scalars.ts';

describe('Decimal', () => {
  it.each(['0', '64000.10', '000.1', '9'.repeat(18), `${'9'.repeat(18)}.${'9'.repeat(8)}`])(
    'takes %s, in a variable and in the document, and leaves it as it is',
    (text) => {
      expect(DecimalScalar.parseValue(text)).toBe(text);
      expect(DecimalScalar.parseLiteral({ kind: Kind.STRING, value: text }, {})).toBe(text);
    },
  );

  it.each([
    '',
    '-1',
    '+1',
    '.5',
    '1.',
    '1e5',
    '1,5',
    ' 1',
    '1\n',
    '0x1',
    'NaN',
    '١',
    '1'.repeat(19),
    '0.123456789',
    1,
    1.5,
    null,
    undefined,
    true,
    ['1'],
    { toString: () => '1' },
  ])('refuses %j in a variable', (value) => {
    expect(() => DecimalScalar.parseValue(value)).toThrow(GraphQLError);
  });

  it('refuses a number in the document, with the code for bad input', () => {
    for (const kind of [Kind.INT, Kind.FLOAT] as const)
      expect(() => DecimalScalar.parseLiteral({ kind, value: '1' }, {})).toThrow(
        expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
      );
  });
});

it('an invalid value in the document is an error at its place, with the value', () => {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { at: { type: GraphQLString, args: { instant: { type: DateTimeScalar } } } },
    }),
  });
  const errors = validate(schema, parse('{ at(instant: "2026-01-31") }'));
  expect(errors.map(({ message, locations }) => ({ message, locations }))).toEqual([
    {
      message:
        'Expected a DateTime, found "2026-01-31"; A DateTime is an RFC 3339 string in UTC that ends in Z, not in an offset, like "2026-01-31T09:30:00.000Z".',
      locations: [{ line: 1, column: 15 }],
    },
  ]);
});

describe('DateTime', () => {
  it.each([
    '2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00.123Z',
    '2026-01-31T23:59:59.123456789Z',
    '2028-02-29T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999999Z',
  ])('takes %s', (text) => expect(DateTimeScalar.parseValue(text)).toBe(text));

  it.each([
    '2026-01-31',
    '2026-01-31T09:30:00',
    '2026-01-31T09:30:00+01:00',
    '2026-01-31 09:30:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0000-12-31T23:59:59.999Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:30:60Z',
    '2026-01-31T09:30:00.1234567890Z',
    1_769_852_000_000,
    null,
  ])('refuses %j', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow(GraphQLError);
  });
});
