import type {
  CompositeType,
  FieldSelection,
  FragmentSelection,
  NamedType,
  Operation,
  Schema,
  Type,
} from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import {
  isCompositeType,
  isCustomScalarType,
  isEnumType,
  isIDType,
  isStringType,
  isSubtype,
  isValidLeafValue,
  Variable,
} from '../apollo-packages.ts';
import { type JsonObject, ownValue } from './own-property.ts';

type Path = (string | number)[];
type Values = Readonly<Record<string, unknown>>;

/** The state of completing one response. */
export interface Completion {
  readonly variables: Values;
  readonly path: Path;
  readonly errors: GraphQLError[];
  /** For the value completed last: whether its parent must be null. */
  isInvalid: boolean;
  /** For the value completed last: whether the reason for its null was reported. */
  hasErrors: boolean;
}

/** Begins to complete a response. */
export function completionOf(operation: Operation): (given: Values) => Completion {
  const defaults = operation.collectDefaultedVariableValues() as Values;
  return (given) => ({
    variables: { ...defaults, ...given },
    path: [],
    errors: [],
    isInvalid: false,
    hasErrors: false,
  });
}

/** A null without an error. */
export function nothing(run: Completion): null {
  run.isInvalid = false;
  run.hasErrors = false;
  return null;
}

/** Reports why the value at the current place is null. */
export function fault({ errors, path }: Completion, message: string): void {
  errors.push(new GraphQLError(message, { path: [...path] }));
}

/** How an error names the current place. */
export function placeOf({ path }: Completion, type: Type, parent: CompositeType): string {
  const last = path.at(-1);
  return typeof last === 'string'
    ? `field ${parent.toString()}.${last}`
    : `array element of type ${type.toString()} at index ${String(last)}`;
}

/** Whether a selection is included, by its `@skip` and `@include`; undefined without them. */
export function conditionOf(
  schema: Schema,
  { element }: FieldSelection | FragmentSelection,
): ((run: Completion) => boolean) | undefined {
  const skip = element.appliedDirectivesOf(schema.skipDirective())[0]?.arguments().if;
  const include = element.appliedDirectivesOf(schema.includeDirective())[0]?.arguments().if;
  if (skip === undefined && include === undefined) return undefined;
  const isTrue = (value: unknown, { variables }: Completion) =>
    value instanceof Variable ? variables[value.name] === true : value === true;
  return (run) =>
    !(skip !== undefined && isTrue(skip, run)) && (include === undefined || isTrue(include, run));
}

/** Whether a selection under a type condition applies to an object. */
export function subtypeTest(
  schema: Schema,
  typeCondition: CompositeType,
): (input: JsonObject, parent: CompositeType) => boolean {
  const applies = new Map<unknown, boolean>();
  const find = (typename: unknown, parent: CompositeType) => {
    const type = typeof typename === 'string' ? schema.type(typename) : parent;
    return type !== undefined && isSubtype(typeCondition, type);
  };
  return (input, parent) => {
    const typename = ownValue(input, '__typename') ?? undefined;
    const key = typename ?? parent;
    let isApplied = applies.get(key);
    if (isApplied === undefined) applies.set(key, (isApplied = find(typename, parent)));
    return isApplied;
  };
}

/**
 * The type of an object by its `__typename`, otherwise by the schema; undefined for an unknown
 * name.
 */
export function actualType(
  schema: Schema,
  type: CompositeType,
  input: JsonObject,
): CompositeType | undefined {
  const typename = ownValue(input, '__typename');
  if (typeof typename !== 'string' || typename === type.name) return type;
  const actual: NamedType | undefined = schema.type(typename);
  return actual !== undefined && isCompositeType(actual) ? actual : undefined;
}

/** Whether every text is a value of this type. */
export function isAnyText(type: Type): boolean {
  return isIDType(type) || isStringType(type) || isCustomScalarType(type);
}

/** Whether values fit a leaf's type; most are texts, whose type need not be checked each time. */
export function leafCheck(schema: Schema, type: Type): (value: unknown) => boolean {
  const check = (value: unknown) => isValidLeafValue(schema, value, type as never);
  if (isAnyText(type)) return (value) => typeof value === 'string' || check(value);
  if (!isEnumType(type)) return check;
  const names = new Set<unknown>(type.values.map(({ name }) => name));
  return (value) => names.has(value);
}
