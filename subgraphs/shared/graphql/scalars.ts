import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from 'graphql';
import { DomainErrorCode } from './domain-error.ts';

/**
 * What a client can send as a Decimal, checked before any arithmetic: plain digits, at most 18
 * before and 8 after the point, no sign, no exponent, ASCII only.
 */
const DECIMAL_INPUT = /^\d{1,18}(\.\d{1,8})?$/;
/** PostgreSQL has no year 0. */
const DATE_TIME_INPUT =
  /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;

/** Text that a client sends for a scalar, and what it must be. */
interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly isValid: (text: string) => boolean;
  /** A sentence for the client. */
  readonly rule: string;
}

/** Whether the day exists: 30 February would be taken for a day in March. */
function isDay(dateTime: string): boolean {
  const time = Date.parse(dateTime);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === dateTime.slice(0, 10);
}

/**
 * Invalid text in the document is an error at its place there, which graphql-js describes with the
 * value before the rule; a variable is described by graphql-js in the same way.
 */
function textScalar({ name, description, isValid, rule }: TextScalar) {
  const parse = (value: unknown): string | null =>
    typeof value === 'string' && isValid(value) ? value : null;
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue: (value) => parse(value) ?? refuse(rule),
    parseLiteral: (node) =>
      parse(node.kind === Kind.STRING ? node.value : undefined) ??
      refuse(`Expected a ${name}, found ${print(node)}; ${rule}`, node),
  });
}

function refuse(message: string, nodes?: ValueNode): never {
  throw new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { code: DomainErrorCode.BAD_USER_INPUT },
  });
}

/** An exact decimal, a string in both directions; a JSON number is refused. */
export const DecimalScalar = textScalar({
  name: 'Decimal',
  description: 'An exact decimal number as a string.',
  isValid: (text) => DECIMAL_INPUT.test(text),
  rule: 'A Decimal is a string of plain digits, like "64000.10": at most 18 before and 8 after the decimal point, without sign or exponent.',
});

/** An instant, RFC 3339 in UTC, with the precision of its source. */
export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: 'An instant in UTC in RFC 3339 format.',
  isValid: (text) => DATE_TIME_INPUT.test(text) && isDay(text),
  rule: 'A DateTime is an RFC 3339 string in UTC that ends in Z, not in an offset, like "2026-01-31T09:30:00.000Z".',
});
