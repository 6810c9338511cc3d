import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { CompiledOperation } from './compile-operation.ts';

/**
 * Answers operations that ask for the schema alone. Apollo's executor reads such an operation
 * against its own types, which lack `isOneOf`, and fails on a client that asks for it.
 */
export function introspectSchema(
  schema: GraphQLSchema,
  document: DocumentNode,
): CompiledOperation['run'] {
  return async ({ request: { operationName, variables } }) => {
    const result = await execute({
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables ?? null,
    });
    return result as GatewayExecutionResult;
  };
}

/** Whether every operation of a document asks for the schema alone. */
export function asksForSchemaAlone({ definitions }: DocumentNode): boolean {
  const fragments = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet]] : [],
    ),
  );
  const isSchemaAlone = ({ selections }: SelectionSetNode): boolean =>
    selections.every((node) => {
      if (node.kind === Kind.FIELD) return node.name.value.startsWith('__');
      if (node.kind === Kind.INLINE_FRAGMENT) return isSchemaAlone(node.selectionSet);
      const fragment = fragments.get(node.name.value);
      return fragment !== undefined && isSchemaAlone(fragment);
    });
  return definitions.every(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || isSchemaAlone(node.selectionSet),
  );
}
