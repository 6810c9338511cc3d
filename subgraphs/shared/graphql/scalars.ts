import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { DomainErrorCode } from './domain-error.ts';

/**
 * What a client can send as a Decimal, checked before any arithmetic: plain digits, at most 18
 * before and 8 after the point, no sign, no exponent, ASCII only.
 */
const DECIMAL_INPUT = /^\d{1,18}(\.\d{1,8})?$/;
/** PostgreSQL has no year 0. */
const DATE_TIME_INPUT =
  /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { code: DomainErrorCode.BAD_USER_INPUT } });
}

function parseDecimalInput(value: unknown): string {
  if (typeof value === 'string' && DECIMAL_INPUT.test(value)) return value;
  return refuse(
    'A Decimal is a string of plain digits, like "64000.10": at most 18 before and 8 after the decimal point, without sign or exponent.',
  );
}

function parseDateTimeInput(value: unknown): string {
  if (typeof value === 'string' && DATE_TIME_INPUT.test(value) && isDay(value)) return value;
  return refuse('A DateTime is an RFC 3339 string in UTC, like "2026-01-31T09:30:00.000Z".');
}

/** Whether the day exists: 30 February would be taken for a day in March. */
function isDay(dateTime: string): boolean {
  const time = Date.parse(dateTime);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === dateTime.slice(0, 10);
}

function stringScalar(name: string, description: string, parse: (value: unknown) => string) {
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** An exact decimal, a string in both directions; a JSON number is refused. */
export const DecimalScalar = stringScalar(
  'Decimal',
  'An exact decimal number as a string.',
  parseDecimalInput,
);

/** An instant, RFC 3339 in UTC, with the precision of its source. */
export const DateTimeScalar = stringScalar(
  'DateTime',
  'An instant in UTC in RFC 3339 format.',
  parseDateTimeInput,
);
