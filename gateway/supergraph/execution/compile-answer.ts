import type { VariableDefinitions } from '@apollo/federation-internals';
import type { ServiceMap } from '@apollo/gateway';
import type { PlanNode } from '@apollo/query-planner';
import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { QueryGraph } from '../query-graph.ts';
import { JsonText } from './json-text.ts';
import type { JsonObject } from './own-property.ts';
import { type PlanRequest, runNode } from './run-plan.ts';
import { compileWriting, type WriteResponse } from './write-response.ts';

/** A version of the supergraph, as far as answering needs it. */
export type AnswerGraph = Pick<QueryGraph, 'apiSchema' | 'supergraphSchema'> & {
  readonly services: ServiceMap;
};

/** What is compiled for an operation. */
interface Answered {
  /** Shapes the response; it is valid and has one operation. */
  readonly document: DocumentNode;
  readonly variableDefinitions: VariableDefinitions;
  /** What is left of its plan; undefined if nothing is. */
  readonly node: PlanNode | undefined;
}

/** What was read before. */
export interface Reading {
  /** What is left of the plan is merged into it. */
  readonly data: JsonObject;
  readonly errors: readonly unknown[];
  /** Whether no text in the data needs an escape in JSON. */
  readonly isPlain: boolean;
}

/**
 * Reads what is missing and writes the response: its data is JSON text, and every null where there
 * must be none has an error.
 * @param read can throw for what has not the form of the schema
 */
export type Answer = (request: PlanRequest, read: () => Reading) => Promise<GatewayExecutionResult>;

type Response = ReturnType<WriteResponse>;

/** Compiles the answers of an operation. */
export function compileAnswer(
  { apiSchema, supergraphSchema: schema, services }: AnswerGraph,
  { document, variableDefinitions, node }: Answered,
): Answer {
  const write = compileWriting(apiSchema, document);
  return async (request, read) => {
    const errors: unknown[] = [];
    let response: Response;
    try {
      const { data: root, errors: before, isPlain } = read();
      errors.push(...before);
      const run = { request, errors, services, schema, variableDefinitions, isPlain };
      if (node !== undefined) await runNode(run, node, { path: [], data: root, root });
      response = write(root, request.request.variables, run.isPlain);
    } catch (cause) {
      // A subgraph's answer did not have the form of its schema: none of it can be believed.
      return { errors: [asGraphQLError(cause)] };
    }
    const { text } = response;
    // It is only ever serialized, and then equals the object it replaces.
    const data = text === null ? null : (new JsonText(text) as unknown as JsonObject);
    const met = errors.map(asGraphQLError);
    const all = [...met, ...unexplained(response, met)];
    return all.length > 0 ? { errors: all, data } : { data };
  };
}

/**
 * The nulls which the errors that were met do not explain: those of other root fields. Any null can
 * be due to an error of no field, or to one that leaves no data.
 */
function unexplained(
  { text, errors: nulls }: Response,
  met: readonly GraphQLError[],
): readonly GraphQLError[] {
  if (met.length === 0) return nulls;
  const fields = new Set(met.map(({ path }) => path?.[0]));
  if (text === null || fields.has(undefined)) return [];
  return nulls.filter(({ path }) => !fields.has(path?.[0]));
}

/** What a step of a plan has thrown can be anything. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const cause =
    error instanceof Error ? error : new Error('A step of a plan failed', { cause: error });
  return new GraphQLError(cause.message, { originalError: cause });
}
