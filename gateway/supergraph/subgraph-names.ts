import type { ServiceName } from '#shared/identity/viewer.ts';

/** The names of the subgraphs in the supergraph. */
export const SUBGRAPH_NAMES = ['account', 'market-data', 'order'] as const;

/** One subgraph. */
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number] & ServiceName;

/** Whether a name in a query plan is one of ours. */
export function isSubgraphName(name: string): name is SubgraphName {
  return (SUBGRAPH_NAMES as readonly string[]).includes(name);
}
