import {
  GraphQLError,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isEnumType,
  isLeafType,
  isSpecifiedScalarType,
} from 'graphql';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { GivenValues } from '../../limits/given-variables.ts';
import { type JsonObject, ownValue } from './own-property.ts';

/** The state of completing one response. */
export interface Completion {
  readonly values: GivenValues;
  /** Whether no text in the data needs an escape in JSON. */
  readonly isPlain: boolean;
  readonly path: (string | number)[];
  readonly errors: GraphQLError[];
  /** For the value completed last: whether its parent must be null. */
  isInvalid: boolean;
  /** For the value completed last: whether the reason for its null was reported. */
  hasErrors: boolean;
}

/** Begins to complete a response. */
export function beginCompletion(values: GivenValues, isPlain: boolean): Completion {
  return { values, isPlain, path: [], errors: [], isInvalid: false, hasErrors: false };
}

/** A null without an error. */
export function nothing(run: Completion): null {
  run.isInvalid = false;
  run.hasErrors = false;
  return null;
}

/** Reports why the value at the current place is null. */
export function fault({ errors, path }: Completion, message: string): void {
  const extensions = { code: DomainErrorCode.INTERNAL_SERVER_ERROR };
  errors.push(new GraphQLError(message, { path: [...path], extensions }));
}

/** How an error names the current place. */
export function placeOf(
  { path }: Completion,
  type: GraphQLOutputType,
  parent: GraphQLCompositeType,
): string {
  const last = path.at(-1);
  return typeof last === 'string'
    ? `field ${parent.name}.${last}`
    : `array element of type ${type.toString()} at index ${String(last)}`;
}

/**
 * The type of an object by its `__typename`, otherwise by the schema; undefined for an unknown
 * name.
 */
export function actualType(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  input: JsonObject,
): GraphQLCompositeType | undefined {
  const typename = ownValue(input, '__typename');
  if (typeof typename !== 'string' || typename === type.name) return type;
  const actual = schema.getType(typename);
  return isCompositeType(actual) ? actual : undefined;
}

/** Whether every text is a value of this type. */
export function isAnyText(type: GraphQLOutputType): boolean {
  if (!isLeafType(type) || isEnumType(type)) return false;
  return !isSpecifiedScalarType(type) || type.name === 'ID' || type.name === 'String';
}

/** A whole number as JSON and we write it. */
const WHOLE = /^-?(?:0|[1-9][0-9]*)$/;

/** What values of these types can be besides texts, which are checked apart. */
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Boolean: (value) => typeof value === 'boolean',
  Int: (value) => typeof value === 'number' && WHOLE.test(String(value)),
  ID: (value) => typeof value === 'number' && WHOLE.test(String(value)),
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  String: () => false,
};

/** Whether values fit a leaf's type; most are texts, whose type need not be checked each time. */
export function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) {
    const names = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => names.has(value);
  }
  const check = isSpecifiedScalarType(type) ? CHECKS[type.name] : undefined;
  if (check === undefined) return () => true; // a custom scalar takes anything
  return isAnyText(type) ? (value) => typeof value === 'string' || check(value) : check;
}
