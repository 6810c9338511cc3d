import type { FastifyRequest } from 'fastify';
import type { SubscribePayload } from 'graphql-ws';

/**
 * The operation in a GET or POST, by GraphQL over HTTP.
 * @returns null if it has none that is well formed
 */
export function payloadOf({ method, query, body }: FastifyRequest): SubscribePayload | null {
  const given = (method === 'GET' ? parametersOf(query) : body) as Record<string, unknown> | null;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { query: text, variables = null, operationName = null } = given;
  if (typeof text !== 'string') return null;
  if (typeof variables !== 'object' || Array.isArray(variables)) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  return { query: text, variables: variables as Record<string, unknown> | null, operationName };
}

/** The same for a URL, where variables are JSON. */
function parametersOf(query: unknown): Record<string, unknown> | null {
  const { variables, ...others } = query as Readonly<Record<string, unknown>>;
  if (variables === undefined || variables === '') return others;
  try {
    return { ...others, variables: JSON.parse(variables as string) as unknown };
  } catch {
    return null;
  }
}
