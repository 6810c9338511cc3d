import type { ServiceName } from '#shared/identity/viewer.ts';

/** The parts of the supergraph, as they are called in it. */
export const SUBGRAPH_NAMES = ['account', 'market-data', 'order'] as const;

/** One part of the supergraph. */
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number] & ServiceName;

/** Whether a name of a query plan is one of ours. */
export function isSubgraphName(name: string): name is SubgraphName {
  return (SUBGRAPH_NAMES as readonly string[]).includes(name);
}
