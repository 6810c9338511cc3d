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
 * the version it was made from. Only this file and `execution/` use `@apollo/federation-internals`,
 * which promises no stability.
 */
export interface QueryGraph {
  /** Distinguishes versions: a hash of the supergraph. */
  readonly version: string;
  /** What clients see; documents are validated against it. */
  readonly apiSchema: GraphQLSchema;
  /** What asking for parts of it requires. */
  readonly accessRules: AccessRules;
  /** The same in the form that the planner and the executor use. */
  readonly plannerSchema: Schema;
  /** The complete schema, hidden parts included, in the form that the executor uses. */
  readonly supergraphSchema: GraphQLSchema;
  /** Plans an operation that is valid against the API schema. @throws GraphQLError if it cannot */
  readonly plan: (document: DocumentNode) => QueryPlan;
  /** The same for an operation that was read already. @throws GraphQLError if it cannot */
  readonly planOperation: (operation: Operation) => QueryPlan;
  readonly services: SubgraphDataSources;
}

/** The large parts of a version, which all its users share. */
export type PlanningParts = Pick<QueryGraph, 'plannerSchema' | 'supergraphSchema'> & {
  readonly planner: Planner;
};

/** What Apollo's gateway keeps of the version that it has loaded; none of it is public. */
interface GatewayInside {
  readonly apiSchema?: Schema;
  readonly supergraphSchema?: GraphQLSchema;
  readonly queryPlanner?: Planner;
}

/**
 * The parts of the version that Apollo's gateway has just loaded, so that there is no second query
 * graph beside its own, the largest object in a gateway.
 * @throws Error if it keeps them elsewhere than the version in `package.json` does
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
 * Puts a version together, so that it can take effect in one step.
 * @param apiSchema the gateway's own; it is completed in place
 * @throws Error if the supergraph cannot be used
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
 * Builds a complete version, which shows that a supergraph can be used before anything depends on
 * it.
 * @throws Error if it cannot be used
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
