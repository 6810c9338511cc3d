import type { FetchDataRewrite } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { isJsonObject, type JsonObject, ownValue, setOwn } from './own-property.ts';

const FRAGMENT = '... on ';

/** Applies the planner's rewrites to a fetch's input or output, in place: renames and constants. */
export function rewrite(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
  value: unknown,
): void {
  for (const step of rewrites ?? []) {
    const last = step.path.at(-1);
    if (last !== undefined) rewriteAt(schema, step.path.slice(0, -1), value, step, last);
  }
}

/** A path in a fetch's output, by the names that the rewrites give. */
export function rewrittenPath(
  rewrites: readonly FetchDataRewrite[] | undefined,
  path: readonly (string | number)[],
): readonly (string | number)[] {
  if (rewrites === undefined) return path;
  const names = new Map<string | number | undefined, string>();
  for (const step of rewrites)
    if (step.kind === 'KeyRenamer') names.set(step.path.at(-1), step.renameKeyTo);
  return path.map((part) => names.get(part) ?? part);
}

function rewriteAt(
  schema: GraphQLSchema,
  path: readonly string[],
  value: unknown,
  step: FetchDataRewrite,
  last: string,
): void {
  if (Array.isArray(value)) {
    for (const item of value) rewriteAt(schema, path, item, step, last);
    return;
  }
  if (!isJsonObject(value)) return;
  const [first, ...rest] = path;
  if (first === undefined) applyTo(value, step, last);
  else if (!first.startsWith(FRAGMENT)) rewriteAt(schema, rest, ownValue(value, first), step, last);
  else if (isOfType(schema, value, first.slice(FRAGMENT.length), true))
    rewriteAt(schema, rest, value, step, last);
}

function applyTo(object: JsonObject, step: FetchDataRewrite, key: string): void {
  if (step.kind === 'ValueSetter') {
    setOwn(object, key, step.setValueTo);
    return;
  }
  const value = ownValue(object, key);
  if (value === undefined) return;
  setOwn(object, step.renameKeyTo, value);
  object[key] = undefined;
}

/**
 * Whether an object with a `__typename` satisfies a type condition; without a name, the default.
 */
export function isOfType(
  schema: GraphQLSchema,
  object: JsonObject,
  condition: string,
  unknown = false,
): boolean {
  const typename = object['__typename'];
  if (typeof typename !== 'string' || typename === '') return unknown;
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const wanted = schema.getType(condition);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}
