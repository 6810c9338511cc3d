import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { withoutEmptyName } from '../http/without-empty-name.ts';
import type { OperationRequest, PersistedOperations } from './persisted-operations.ts';

/**
 * Resolves the operations of GETs and POSTs before anything looks at them, event streams included.
 * Call it before these are served. The URL stays as received, because a signature may cover it.
 */
export function resolveRequests(
  app: FastifyInstance,
  path: string,
  persisted: PersistedOperations,
): void {
  app.addHook('preHandler', (request, reply, done) => {
    // By the route: a URL can be spelled in many ways.
    if (request.routeOptions.url !== path) return done();
    try {
      if (request.method === 'GET') resolveQuery(request, persisted);
      else if (isObject(request.body))
        replace(request, { body: persisted.resolve(withoutEmptyName(request.body)) });
    } catch (cause) {
      if (!(cause instanceof GraphQLError)) return done(cause as Error);
      const { http, ...extensions } = cause.extensions as { http?: { status?: number } };
      void reply
        .code(http?.status ?? 400)
        .send({ errors: [{ message: cause.message, extensions }] });
      return;
    }
    done();
  });
}

function resolveQuery(request: FastifyRequest, persisted: PersistedOperations): void {
  const given = withoutEmptyName(request.query as Readonly<Record<string, unknown>>);
  const asked: OperationRequest = { ...given, extensions: parsed(given['extensions']) };
  const resolved = persisted.resolve(asked);
  const { extensions: _extensions, ...query } = resolved;
  // Unchanged if it has a text and no hash.
  replace(request, { query: resolved === asked ? given : query });
}

function replace(request: FastifyRequest, parts: { body?: unknown; query?: unknown }): void {
  Object.assign(request, parts);
}

function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? (JSON.parse(json) as unknown) : undefined;
  } catch {
    return undefined; // the endpoint refuses it
  }
}

function isObject(body: unknown): body is OperationRequest {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
