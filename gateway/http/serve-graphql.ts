import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invariant } from '#shared/domain/invariant.ts';
import type { GatewayContext } from '../gateway-context.ts';

/**
 * Serves queries and mutations over HTTP: hands each request to Apollo Server and sends its
 * response. `@as-integrations/fastify` does the same, but makes a URL of the `Host` header and
 * answers 500 to an invalid one.
 */
export function serveGraphql(
  app: FastifyInstance,
  options: {
    readonly path: string;
    readonly apollo: ApolloServer<GatewayContext>;
    /** Finds out who asks. @throws GraphQLError to refuse */
    readonly contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<GatewayContext>;
  },
): void {
  const { path, apollo, contextOf } = options;
  apollo.assertStarted('serveGraphql()');
  app.route({
    method: ['GET', 'POST'],
    url: path,
    handler: async (request, reply) => {
      const { body, headers, status } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: searchOf(request),
          body: request.body,
        },
        context: () => contextOf(request, reply),
      });
      for (const [name, value] of headers) void reply.header(name, value);
      void reply.code(status ?? 200);
      invariant(body.kind === 'complete', 'the gateway answers in one part');
      return body.string;
    },
  });
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

/**
 * What was read from the URL and has been resolved since: nobody reads another operation out of it.
 */
function searchOf({ method, query }: FastifyRequest): string {
  if (method !== 'GET') return '';
  const parameters = Object.entries(query as Readonly<Record<string, string | string[]>>);
  const pairs = parameters.flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}
