import { createHash } from 'node:crypto';
import {
  type Operation,
  operationFromDocument,
  type Schema,
  Supergraph,
} from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { AccessParts, AccessRules } from './access-rules.ts';
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

/**
 * Builds a version completely, so that it can be put in place in one step.
 * @param apiSchema the gateway's own; it is completed in place
 * @throws Error when the supergraph cannot be used
 */
export function buildQueryGraph(
  apiSchema: GraphQLSchema,
  parts: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  return build(Supergraph.build(parts.supergraphSdl), apiSchema, parts, services);
}

/**
 * Builds a version over an API schema of its own: what it takes to know that a supergraph can be used
 * before anything depends on it.
 * @throws Error when it cannot be used
 */
export function buildDetachedQueryGraph(
  parts: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  const supergraph = Supergraph.build(parts.supergraphSdl);
  return build(supergraph, supergraph.apiSchema().toGraphQLJSSchema(), parts, services);
}

/** The same version over another API schema of it, which is completed in place. */
export function withApiSchema(
  graph: QueryGraph,
  apiSchema: GraphQLSchema,
  parts: AccessParts,
): QueryGraph {
  completeApiSchema(apiSchema, parts.supergraphSdl);
  return { ...graph, apiSchema };
}

function build(
  supergraph: Supergraph,
  apiSchema: GraphQLSchema,
  { rules, supergraphSdl }: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  completeApiSchema(apiSchema, supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const plannerSchema = supergraph.apiSchema();
  return {
    version: createHash('sha256').update(supergraphSdl).digest('base64url'),
    apiSchema,
    accessRules: rules,
    plannerSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    plan: (document) => planner.buildQueryPlan(operationFromDocument(plannerSchema, document)),
    planOperation: (operation) => planner.buildQueryPlan(operation),
    services,
  };
}
