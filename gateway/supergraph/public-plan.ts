import type { PlanNode } from '@apollo/query-planner';
import { assertNever } from '#shared/domain/invariant.ts';
import type { SubgraphName } from './subgraph-names.ts';

/**
 * Only its data is the same for everybody who can read market data; and as it has no mutations, no
 * client changes it.
 */
export const PUBLIC_SUBGRAPH: SubgraphName = 'market-data';

/** Whether a plan, or a part of one, reads public data alone. */
export function isPublic(node: PlanNode): boolean {
  switch (node.kind) {
    case 'Fetch':
      return node.serviceName === PUBLIC_SUBGRAPH;
    case 'Flatten':
      return isPublic(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.every(isPublic);
    case 'Condition':
      return [node.ifClause, node.elseClause].every((clause) => !clause || isPublic(clause));
    case 'Defer':
      return false; // never planned here
    default:
      return assertNever(node, 'isPublic');
  }
}
