import { setImmediate } from 'node:timers/promises';
import type { SupergraphSdlUpdateFunction } from '@apollo/gateway';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '#shared/logging/logger.ts';
import { disableApolloTelemetry } from '../telemetry-environment.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { ApolloGateway } from './apollo-packages.ts';
import { takeAccessRules } from './access-rules.ts';
import { createExecutor, type WarmPlan } from './execution/create-executor.ts';
import {
  buildDetachedQueryGraph,
  buildQueryGraph,
  planningPartsOf,
  type QueryGraph,
} from './query-graph.ts';
import type { SubgraphDataSources } from './subgraph-data-source.ts';
import { isSubgraphName } from './subgraph-names.ts';

/** Apollo's gateway for queries and mutations, and the current query graph for subscriptions. */
export interface FederatedGateway {
  /** What Apollo Server runs; it loads the supergraph when the server starts. */
  readonly gateway: GatewayInterface;
  /**
   * The current version.
   * @throws Error before the supergraph was loaded, or if it could not be used
   */
  readonly queryGraph: () => QueryGraph;
  /** Whether there is one; a new version that could not be used leaves none. */
  readonly isLoaded: () => boolean;
  /** Plans a query or mutation over that version before it is asked for. */
  readonly warm: WarmPlan;
  /**
   * Makes another supergraph the current one; operations that were planned before run on as
   * planned. It is tried out first, and requests continue between that and the switch; the promise
   * is resolved in the turn of the event loop in which it takes effect.
   * @throws Error if it cannot be used; then the current one stays
   */
  readonly reload: (supergraphSdl: string) => Promise<void>;
}

/**
 * Builds the gateway over a supergraph; nothing is loaded or asked yet.
 * @throws Error if the supergraph has access rules that we cannot enforce
 */
export function createFederatedGateway(
  supergraphSdl: string,
  services: SubgraphDataSources,
  options: {
    readonly metrics: GatewayMetrics;
    readonly logger: Logger;
  },
): FederatedGateway {
  const { metrics, logger } = options;
  disableApolloTelemetry();
  /** The version that is being loaded; Apollo's gateway gets it without its access rules. */
  let loading = takeAccessRules(supergraphSdl);
  let update: SupergraphSdlUpdateFunction | null = null;
  const gateway = new ApolloGateway({
    supergraphSdl: (manager) => {
      update = manager.update;
      return Promise.resolve({ supergraphSdl: loading.supergraphSdl });
    },
    logger,
    debug: false,
    __exposeQueryPlanExperimental: false, // a request header would show plans, and so subgraphs
    buildService: ({ name }) => {
      if (isSubgraphName(name)) return services[name];
      throw new Error(`The supergraph names an unknown subgraph: ${name}`);
    },
  });
  let current: QueryGraph | null = null;
  // An exception in this listener is only logged and the schema switches all the same, so a version
  // is built completely before it replaces the last one, or nothing.
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    current = null;
    current = buildQueryGraph(apiSchema, planningPartsOf(gateway), loading, services);
  });
  const queryGraph = () => {
    if (current === null) throw new Error('The supergraph could not be loaded; see the log.');
    return current;
  };
  const executor = createExecutor(queryGraph, gateway.executor, metrics);
  gateway.executor = executor.execute;
  return {
    gateway,
    queryGraph,
    warm: executor.warm,
    isLoaded: () => current !== null,
    reload: async (changedSdl) => {
      if (update === null) throw new Error('No supergraph was loaded yet.');
      const changed = takeAccessRules(changedSdl);
      // The listener above must not fail: by then the gateway has switched already.
      await setImmediate();
      buildDetachedQueryGraph(changed, services);
      await setImmediate();
      loading = changed;
      update(changed.supergraphSdl);
    },
  };
}
