import { setImmediate } from 'node:timers/promises';
import type {
  GatewayInterface,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import type { Logger } from '#shared/logging/logger.ts';
import { disableApolloTelemetry } from '../telemetry-environment.ts';
import { NewDocuments } from '../limits/new-documents.ts';
import type { PlanningTime } from '../limits/planning-time.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { ApolloGateway } from './apollo-packages.ts';
import { type AccessParts, takeAccessRules } from './access-rules.ts';
import { createExecutor, type WarmPlan } from './execution/create-executor.ts';
import { buildInSteps, putIntoGateway, type QueryGraph, queryGraphOf } from './query-graph.ts';
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
  /** Whether there is one. */
  readonly isLoaded: () => boolean;
  /** Plans a query or mutation over that version before it is asked for. */
  readonly warm: WarmPlan;
  /** Lets documents in that were not planned over that version. */
  readonly documents: NewDocuments;
  /**
   * Makes another supergraph the current one; operations that were planned before run on as
   * planned. It is built completely first, in steps between which requests continue; the promise is
   * resolved in the turn of the event loop in which it takes effect.
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
    readonly planning: PlanningTime;
    readonly logger: Logger;
  },
): FederatedGateway {
  const { metrics, planning, logger } = options;
  disableApolloTelemetry();
  const first = takeAccessRules(supergraphSdl);
  const apollo = new ApolloGateway({
    supergraphSdl: () => Promise.resolve({ supergraphSdl: first.supergraphSdl }),
    logger,
    debug: false,
    __exposeQueryPlanExperimental: false, // a request header would show plans, and so subgraphs
    buildService: ({ name }) => {
      if (isSubgraphName(name)) return services[name];
      throw unknownSubgraph(name);
    },
  });
  let current: QueryGraph | null = null;
  const queryGraph = () => {
    if (current === null) throw new Error('The supergraph could not be loaded; see the log.');
    return current;
  };
  const listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  const putInForce = (graph: QueryGraph, { supergraphSdl: coreSupergraphSdl }: AccessParts) => {
    for (const listener of listeners) listener({ apiSchema: graph.apiSchema, coreSupergraphSdl });
    current = graph;
  };
  const executor = createExecutor(queryGraph, metrics, planning);
  return {
    gateway: {
      onSchemaLoadOrUpdate: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      load: async (given) => {
        await apollo.load(given);
        putInForce(queryGraphOf(apollo, first, services), first);
        return { executor: executor.execute };
      },
      stop: () => apollo.stop(),
    },
    queryGraph,
    warm: executor.warm,
    documents: new NewDocuments(planning, executor.isPlanned),
    isLoaded: () => current !== null,
    reload: async (changedSdl) => {
      const changed = takeAccessRules(changedSdl);
      const built = await withPauses(buildInSteps(changed, services));
      const unknown = built.subgraphNames.find((name) => !isSubgraphName(name));
      if (unknown !== undefined) throw unknownSubgraph(unknown);
      putInForce(built.graph, changed);
      putIntoGateway(apollo, built);
    },
  };
}

async function withPauses<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    await setImmediate();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function unknownSubgraph(name: string): Error {
  return new Error(`The supergraph names an unknown subgraph: ${name}`);
}
