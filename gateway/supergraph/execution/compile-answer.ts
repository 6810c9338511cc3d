import type { VariableDefinitions } from '@apollo/federation-internals';
import type { ServiceMap } from '@apollo/gateway';
import type { PlanNode } from '@apollo/query-planner';
import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { QueryGraph } from '../query-graph.ts';
import { JsonText } from './json-text.ts';
import type { JsonObject } from './own-property.ts';
import { type PlanRequest, runNode } from './run-plan.ts';
import { compileWriting } from './write-response.ts';

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
 */
export type Answer = (request: PlanRequest, read: Reading) => Promise<GatewayExecutionResult>;

/** Compiles the answers of an operation. */
export function compileAnswer(
  { apiSchema, supergraphSchema: schema, services }: AnswerGraph,
  { document, variableDefinitions, node }: Answered,
): Answer {
  const write = compileWriting(apiSchema, document);
  return async (request, { data: root, errors: [...errors], isPlain }) => {
    const run = { request, errors, services, schema, variableDefinitions, isPlain };
    let response: ReturnType<typeof write>;
    try {
      if (node !== undefined) await runNode(run, node, { path: [], data: root, root });
      response = write(root, request.request.variables, run.isPlain);
    } catch (cause) {
      // A subgraph's answer did not have the form of its schema: none of it can be believed.
      return { errors: [asGraphQLError(cause)] };
    }
    const { text } = response;
    // It is only ever serialized, and then equals the object it replaces.
    const data = text === null ? null : (new JsonText(text) as unknown as JsonObject);
    const all = errors.length > 0 ? errors.map(asGraphQLError) : response.errors;
    return all.length > 0 ? { errors: all, data } : { data };
  };
}

/** What a step of a plan has thrown can be anything. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const cause =
    error instanceof Error ? error : new Error('A step of a plan failed', { cause: error });
  return new GraphQLError(cause.message, { originalError: cause });
}
