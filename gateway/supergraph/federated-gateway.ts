import { ApolloGateway } from '@apollo/gateway';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '#shared/logging/logger.ts';
import { disableApolloTelemetry } from '../environment.ts';
import { completedResult } from './completed-result.ts';
import { buildQueryGraph, type QueryGraph } from './query-graph.ts';
import type { SubgraphDataSources } from './subgraph-data-source.ts';
import { isSubgraphName } from './subgraph-names.ts';

/** Apollo's gateway for queries and mutations, and the present query graph for subscriptions. */
export interface FederatedGateway {
  /** What Apollo Server runs; it loads the supergraph when the server starts. */
  readonly gateway: GatewayInterface;
  /**
   * The version in force.
   * @throws Error before the supergraph was loaded, or when it could not be used
   */
  readonly queryGraph: () => QueryGraph;
  /** Whether there is one; a new version that could not be used leaves none. */
  readonly isLoaded: () => boolean;
}

/** Builds the gateway over a supergraph; nothing is loaded or asked yet. */
export function createFederatedGateway(
  supergraphSdl: string,
  services: SubgraphDataSources,
  logger: Logger,
): FederatedGateway {
  disableApolloTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger,
    debug: false,
    __exposeQueryPlanExperimental: false, // a request header would show plans, and so subgraphs
    buildService: ({ name }) => {
      if (isSubgraphName(name)) return services[name];
      throw new Error(`The supergraph names an unknown subgraph: ${name}`);
    },
  });
  let current: QueryGraph | null = null;
  // An exception in this listener is only logged and the schema switches all the same: so a version
  // is built completely before it takes the place of the last one, or of nothing.
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    current = null;
    current = buildQueryGraph(apiSchema, coreSupergraphSdl, services);
  });
  const execute = gateway.executor;
  gateway.executor = async (request) => completedResult(await execute(request));
  return {
    gateway,
    queryGraph: () => {
      if (current === null) throw new Error('The supergraph could not be loaded; see the log.');
      return current;
    },
    isLoaded: () => current !== null,
  };
}
