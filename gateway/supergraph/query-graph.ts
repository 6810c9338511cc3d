import { createHash } from 'node:crypto';
import type { Operation, Schema } from '@apollo/federation-internals';
import type { ApolloGateway } from '@apollo/gateway';
import type { QueryPlan, QueryPlanner as Planner } from '@apollo/query-planner';
import { assertValidSchema, type GraphQLSchema } from 'graphql';
import { invariant } from '#shared/domain/invariant.ts';
import type { AccessParts, AccessRules } from './access-rules.ts';
import { QueryPlanner, Supergraph } from './apollo-packages.ts';
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
  readonly planOperation: (operation: Operation) => QueryPlan;
  readonly services: SubgraphDataSources;
}

/** The large parts of a version, which all its users share. */
type PlanningParts = Pick<QueryGraph, 'plannerSchema' | 'supergraphSchema'> & {
  readonly planner: Planner;
};

/** What Apollo's gateway keeps of the version that it has loaded; none of it is public. */
interface GatewayInside {
  schema?: GraphQLSchema;
  apiSchema?: Schema;
  supergraphSchema?: GraphQLSchema;
  queryPlanner?: Planner;
  readonly queryPlanStore: { clear(): void };
}

/**
 * The version that Apollo's gateway has just loaded, so that there is no second query graph beside
 * its own, the largest object in a gateway.
 * @throws Error if it cannot be used, or is kept elsewhere than by the version in `package.json`
 */
export function queryGraphOf(
  gateway: ApolloGateway,
  parts: AccessParts,
  services: SubgraphDataSources,
): QueryGraph {
  const inside = gateway as unknown as GatewayInside;
  const { schema, apiSchema: plannerSchema, supergraphSchema, queryPlanner: planner } = inside;
  invariant(
    schema !== undefined &&
      plannerSchema !== undefined &&
      supergraphSchema !== undefined &&
      planner !== undefined,
    'the gateway keeps its query planner and schemas',
  );
  return buildQueryGraph(schema, { plannerSchema, supergraphSchema, planner }, parts, services);
}

/**
 * Lets Apollo's gateway use a version that was built here. Given the text, it would build all of it
 * once more, in one turn of the event loop.
 */
export function putIntoGateway(gateway: ApolloGateway, { graph, planner }: BuiltQueryGraph): void {
  const inside = gateway as unknown as GatewayInside;
  inside.schema = graph.apiSchema;
  inside.apiSchema = graph.plannerSchema;
  inside.supergraphSchema = graph.supergraphSchema;
  inside.queryPlanner = planner;
  inside.queryPlanStore.clear();
}

/**
 * Puts a version together, so that it can take effect in one step.
 * @param apiSchema the gateway's own; it is completed in place
 * @throws Error if the supergraph cannot be used
 */
function buildQueryGraph(
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
    planOperation: (operation) => planner.buildQueryPlan(operation),
    services,
  };
}

/** A version that is not in force yet. */
export interface BuiltQueryGraph {
  readonly graph: QueryGraph;
  readonly planner: Planner;
  readonly subgraphNames: readonly string[];
}

/**
 * Builds a complete version, which shows that a supergraph can be used before anything depends on
 * it. Pauses between the steps, because each of them takes long: other work should have a turn.
 * @throws Error if it cannot be used
 */
export function* buildInSteps(
  parts: AccessParts,
  services: SubgraphDataSources,
): Generator<undefined, BuiltQueryGraph> {
  const supergraph = Supergraph.build(parts.supergraphSdl);
  yield;
  const plannerSchema = supergraph.apiSchema();
  yield;
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  yield;
  const planner = new QueryPlanner(supergraph);
  yield;
  const apiSchema = plannerSchema.toGraphQLJSSchema();
  yield;
  const planning = { plannerSchema, supergraphSchema, planner };
  const graph = buildQueryGraph(apiSchema, planning, parts, services);
  assertValidSchema(apiSchema); // as Apollo Server will, when there is no way back
  const subgraphNames = supergraph.subgraphsMetadata().map(({ name }) => name);
  return { graph, planner, subgraphNames };
}
