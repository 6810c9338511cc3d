import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { mergeInto } from './merge.ts';
import { bareObject, type JsonObject, ownValue, setOwn } from './own-property.ts';
import { isOfType } from './rewrites.ts';

/**
 * What a subgraph needs to find an entity: the fields that its fetch requires.
 * @returns null if one of them is missing, so that the entity cannot be asked for
 */
export function representationOf(
  schema: GraphQLSchema,
  source: JsonObject | null,
  selections: readonly QueryPlanSelectionNode[],
): JsonObject | null {
  if (source === null) return null;
  const result = bareObject();
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection;
      if (typeCondition === undefined || !isOfType(schema, source, typeCondition)) continue;
      const part = representationOf(schema, source, selection.selections);
      if (part !== null) mergeInto(result, part);
      continue;
    }
    const name = selection.alias ?? selection.name;
    const value = ownValue(source, name);
    if (value === undefined) return null;
    setOwn(result, name, requiredValue(schema, value, selection.selections));
  }
  return result;
}

function requiredValue(
  schema: GraphQLSchema,
  value: unknown,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): unknown {
  if (selections === undefined) return value;
  if (Array.isArray(value))
    return value.map((item) => representationOf(schema, item as JsonObject | null, selections));
  return representationOf(schema, value as JsonObject | null, selections);
}
