import type { QueryGraph } from '../supergraph/query-graph.ts';
import { refusalOfAccess } from './authorize-operation.ts';
import type { RequestStep } from '../http/request-step.ts';

/**
 * Refuses each query and mutation that its viewer may not ask for, before it is charged and
 * planned.
 */
export function authorizeRequests(queryGraph: () => QueryGraph): RequestStep {
  return {
    didResolveOperation: ({ schema, document, operation, request, contextValue }) => {
      if (operation === undefined) return;
      const refusal = refusalOfAccess({
        schema,
        document,
        operation,
        variables: request.variables,
        viewer: contextValue.viewer,
        rules: queryGraph().accessRules,
      });
      if (refusal !== null) throw refusal;
    },
  };
}
