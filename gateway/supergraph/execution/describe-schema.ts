import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FieldNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type SelectionNode,
  visit,
} from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import { type GivenVariables, valuesOfVariables } from '../../limits/given-variables.ts';
import { TYPENAME } from './never-empty.ts';
import { type FieldPlace, meaningOf, selectedFields } from './selected-fields.ts';

/** Reads what an operation asks of the schema itself. */
export type DescribeSchema = (variables: GivenVariables) => Promise<ExecutionResult>;

/** Whether a field describes the schema. */
export function asksForSchema({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/**
 * Compiles what an operation asks of the schema itself, for which no subgraph is asked.
 * @param document valid, with one operation
 * @returns null if it asks for nothing of it
 */
export function compileDescription(
  schema: GraphQLSchema,
  document: DocumentNode,
): DescribeSchema | null {
  const operation = getOperationAST(document);
  invariant(operation, 'a document has one operation');
  const root = schema.getRootType(operation.operation);
  invariant(root, 'an operation has a root type');
  const parts = [{ set: operation.selectionSet, isAsked: null }];
  const places = selectedFields(meaningOf(schema, document), root, parts);
  const asked = places.filter(({ field }) => asksForSchema(field.node));
  if (asked.length === 0) return null;
  const others = document.definitions.filter((node) => node !== operation);
  return async (variables) => {
    const values = valuesOfVariables(operation, variables);
    const selections = asked.flatMap((place) => writtenOut(place, values));
    const selectionSet = { ...operation.selectionSet, selections };
    return execute({
      schema,
      document: { ...document, definitions: [{ ...operation, selectionSet }, ...others] },
      variableValues: variables ?? null,
    });
  };
}

/** A field with all that is selected from it, if it is asked for. */
function writtenOut(
  { field: { node, parts }, isHere }: FieldPlace,
  values: Parameters<NonNullable<FieldPlace['isHere']>>[0],
): readonly SelectionNode[] {
  if (isHere !== null && !isHere(values)) return [];
  const asked = parts.filter(({ isAsked }) => isAsked === null || isAsked(values));
  const selections = asked.flatMap(({ set }) => set.selections);
  return [{ ...node, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections } }];
}

/** The part of a document that is planned. The planner's own schema describes itself with less. */
export function withoutDescriptions(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (node) => (asksForSchema(node) ? TYPENAME : undefined),
    FragmentDefinition: ({ typeCondition }) =>
      typeCondition.name.value.startsWith('__') ? null : undefined,
  });
}
