import type { ServiceMap } from '@apollo/gateway';
import type { VariableDefinitions } from '@apollo/federation-internals';
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { assertNever } from '#shared/domain/invariant.ts';
import { UnescapedAnswer } from '#shared/subgraph/subgraph-answer.ts';
import { evaluateCondition } from '../apollo-packages.ts';
import { type Cursor, ErrorPaths, moveCursor } from './error-path.ts';
import { mergeInto } from './merge.ts';
import { isJsonObject, type JsonObject } from './own-property.ts';
import { representationOf } from './representation.ts';
import { rewrite, rewrittenPath } from './rewrites.ts';

/** Whom a plan is run for. */
export type PlanRequest = Pick<GatewayGraphQLRequestContext, 'request' | 'context'>;

/** One run of a plan: its inputs, and the errors it met. */
export interface PlanRun {
  readonly request: PlanRequest;
  readonly services: ServiceMap;
  /** The complete schema, hidden parts included. */
  readonly schema: GraphQLSchema;
  readonly variableDefinitions: VariableDefinitions;
  readonly errors: unknown[];
  /** Whether no text in any answer so far needs an escape in JSON. */
  isPlain: boolean;
}

/**
 * Runs a part of a plan and merges its result into the cursor's data; a fetch that fails is an error
 * of the run.
 * @throws TypeError if data does not have the form that the plan expects
 */
export async function runNode(run: PlanRun, node: PlanNode, cursor: Cursor): Promise<void> {
  switch (node.kind) {
    case 'Sequence':
      for (const step of node.nodes) await runNode(run, step, cursor);
      return;
    case 'Parallel':
      await Promise.all(node.nodes.map((part) => runNode(run, part, cursor)));
      return;
    case 'Flatten': {
      const inner = moveCursor(cursor, node.path);
      if (inner !== undefined) await runNode(run, node.node, inner);
      return;
    }
    case 'Fetch':
      await runFetch(run, node, cursor).catch((cause: unknown) => run.errors.push(cause));
      return;
    case 'Condition': {
      const { variables } = run.request.request;
      const isTrue = evaluateCondition(node, run.variableDefinitions, variables);
      const branch = isTrue ? node.ifClause : node.elseClause;
      if (branch !== undefined) await runNode(run, branch, cursor);
      return;
    }
    case 'Defer':
      throw new Error('The planner was not asked to defer.');
    default:
      assertNever(node, 'runNode');
  }
}

async function runFetch(run: PlanRun, fetch: FetchNode, cursor: Cursor): Promise<void> {
  const found = (Array.isArray(cursor.data) ? cursor.data : [cursor.data]) as (JsonObject | null)[];
  const entities = found.filter((entity) => entity !== null && entity !== undefined);
  if (entities.length === 0) return;
  const variables = variablesOf(run, fetch);
  if (fetch.requires !== undefined) {
    await fetchEntities(run, fetch, cursor, entities, variables);
    return;
  }
  const data = await ask(run, fetch, cursor, { variables, owners: null });
  if (!data) return;
  rewrite(run.schema, fetch.outputRewrites, data);
  for (const entity of entities) mergeInto(entity, data);
}

/**
 * Not an async function: that would keep what was sent until the answer, and it is no longer
 * needed.
 */
function fetchEntities(
  run: PlanRun,
  fetch: FetchNode,
  cursor: Cursor,
  entities: readonly JsonObject[],
  variables: JsonObject,
): Promise<void> {
  const representations: JsonObject[] = [];
  const owners: JsonObject[] = [];
  for (const entity of entities) {
    const representation = representationOf(run.schema, entity, fetch.requires ?? []);
    if (!representation?.['__typename']) continue;
    rewrite(run.schema, fetch.inputRewrites, representation);
    representations.push(representation);
    owners.push(entity);
  }
  if (representations.length === 0) return Promise.resolve();
  if ('representations' in variables)
    throw new Error('Variables cannot contain key "representations"');
  const asked = { variables: { ...variables, representations }, owners };
  return ask(run, fetch, cursor, asked).then((data) => {
    if (data) mergeEntities(run, fetch, owners, data);
  });
}

/** @param owners the objects that were asked about, in the order of the answer */
function mergeEntities(
  run: PlanRun,
  fetch: FetchNode,
  owners: readonly JsonObject[],
  data: JsonObject,
): void {
  const received = data['_entities'];
  if (!Array.isArray(received))
    throw new Error('Expected "data._entities" in response to be an array');
  if (received.length !== owners.length)
    throw new Error(`Expected "data._entities" to contain ${owners.length} elements`);
  owners.forEach((owner, index) => {
    const entity: unknown = received[index];
    if (!isJsonObject(entity)) return;
    if (!entity['__typename']) entity['__typename'] = owner['__typename'];
    rewrite(run.schema, fetch.outputRewrites, entity);
    mergeInto(owner, entity);
  });
}

function variablesOf({ request }: PlanRun, { variableUsages = [] }: FetchNode): JsonObject {
  const given: JsonObject = request.request.variables ?? {};
  const used = Object.create(null) as JsonObject;
  for (const name of variableUsages)
    if (Object.hasOwn(given, name) && given[name] !== undefined) used[name] = given[name];
  return used;
}

/** @param owners the objects that are asked about, if it is a fetch of entities */
function ask(
  run: PlanRun,
  fetch: FetchNode,
  cursor: Cursor,
  { variables, owners }: { readonly variables: JsonObject; readonly owners: JsonObject[] | null },
): Promise<JsonObject | null | undefined> {
  const service = run.services[fetch.serviceName];
  if (!service) throw new Error(`Couldn't find service with name "${fetch.serviceName}"`);
  const asked: Promise<object> = service.process({
    kind: 'incoming operation',
    request: { query: fetch.operation, variables, operationName: fetch.operationName },
    incomingRequestContext: run.request,
    context: run.request.context,
    document: fetch.operationDocumentNode,
    pathInIncomingRequest: [...cursor.path],
  } as never);
  const paths = new ErrorPaths(cursor, owners);
  return asked.then((answer) => {
    const { errors, data } = answer as Awaited<ReturnType<typeof service.process>>;
    run.isPlain &&= answer instanceof UnescapedAnswer;
    for (const error of errors ?? [])
      run.errors.push(downstreamError(error, fetch, paths.of(error.path)));
    return data as JsonObject | null | undefined;
  });
}

/** An error of a subgraph's answer, at its path in the response. */
export function downstreamError(
  error: GraphQLFormattedError,
  { serviceName, outputRewrites }: FetchNode,
  path: readonly (string | number)[] | undefined,
): GraphQLError {
  return new GraphQLError(
    error.message || `Error while fetching subquery from service "${serviceName}"`,
    {
      originalError: error as Error,
      ...(path ? { path: rewrittenPath(outputRewrites, path) } : {}),
      extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName },
    },
  );
}
