import { createHash } from 'node:crypto';
import type { Operation, Schema } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import type { QueryPlan, QueryPlanner as Planner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { AccessParts, AccessRules } from './access-rules.ts';
import { operationFromDocument, QueryPlanner, Supergraph } from './apollo-packages.ts';
import { completeApiSchema } from './api-schema.ts';
import type { SubgraphDataSources } from './subgraph-data-source.ts';

/**
 * One version of the supergraph with all that planning and running an operation needs. A plan keeps
 * the version it was made from. This file and `execution/` alone know `@apollo/federation-internals`,
 * which promises no stability.
 */
export interface QueryGraph {
  /** Tells versions apart: a hash of the supergraph. */
  readonly version: string;
  /** What clients see; documents are validated against it. */
  readonly apiSchema: GraphQLSchema;
  /** What it takes to ask for parts of it. */
  readonly accessRules: AccessRules;
  /** The same in the form the planner and the executor want. */
  readonly plannerSchema: Schema;
  /** Everything, hidden parts included, in the form the executor wants. */
  readonly supergraphSchema: GraphQLSchema;
  /** Plans an operation that is valid against the API schema. @throws GraphQLError when it cannot */
  readonly plan: (document: DocumentNode) => QueryPlan;
  /** The same for an operation that was read already. @throws GraphQLError when it cannot */
  readonly planOperation: (operation: Operation) => QueryPlan;
  readonly services: SubgraphDataSources;
}

/** The large parts of a version, of which one is enough however many use them. */
export type PlanningParts = Pick<QueryGraph, 'plannerSchema' | 'supergraphSchema'> & {
  readonly planner: Planner;
};

/** What Apollo's gateway keeps of the version that it has loaded; nothing of it is public. */
interface GatewayInside {
  readonly apiSchema?: Schema;
  readonly supergraphSchema?: GraphQLSchema;
  readonly queryPlanner?: Planner;
}

/**
 * The parts of the version that Apollo's gateway has just loaded, so that there is no second query
 * graph beside its own, the largest thing that a gateway holds.
 * @throws Error when it keeps them elsewhere than the version that is named in `package.json`
 */
export function planningPartsOf(gateway: ApolloGateway): PlanningParts {
  const inside = gateway as unknown as GatewayInside;
  const { apiSchema: plannerSchema, supergraphSchema, queryPlanner: planner } = inside;
  invariant(
    plannerSchema !== undefined && supergraphSchema !== undefined && planner !== undefined,
    'the gateway keeps its query planner and schemas',
  );
  return { plannerSchema, supergraphSchema, planner };
}

/**
 * Puts a version together, so that it can be put in place in one step.
 * @param apiSchema the gateway's own; it is completed in place
 * @throws Error when the supergraph cannot be used
 */
export function buildQueryGraph(
  apiSchema: GraphQLSchema,
  { plannerSchema, supergraphSchema, planner }: PlanningParts,
  { rules, supergraphSdl }: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  completeApiSchema(apiSchema, supergraphSdl);
  return {
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    apiSchema,
    accessRules: rules,
    plannerSchema,
    supergraphSchema,
    plan: (document) => planner.buildQueryPlan(operationFromDocument(plannerSchema, document)),
    planOperation: (operation) => planner.buildQueryPlan(operation),
    services,
  };
}

/**
 * Builds a version with all of its parts: what it takes to know that a supergraph can be used before
 * anything depends on it.
 * @throws Error when it cannot be used
 */
export function buildDetachedQueryGraph(
  parts: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  const supergraph = Supergraph.build(parts.supergraphSdl);
  const plannerSchema = supergraph.apiSchema();
  const planning = {
    plannerSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
  };
  return buildQueryGraph(plannerSchema.toGraphQLJSSchema(), planning, parts, services);
}
