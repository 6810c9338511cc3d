import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, traceRequest } from '#shared/tracing/tracing.ts';

/**
 * Makes each request to a path a span, as part of its caller's trace if that is a neighbor. Call it
 * after the hooks that keep strangers out.
 */
export function traceRequests(
  app: FastifyInstance,
  options: {
    readonly unit: string;
    readonly path: string;
    /** Whether a caller's word about its trace is believed: never a client's. */
    readonly isInternal: boolean;
  },
): void {
  if (!isTracing()) return;
  const isTraced = ({ routeOptions }: FastifyRequest) => routeOptions.url === options.path;
  app.addHook('preHandler', (request, reply, done) => {
    if (!isTraced(request)) return done();
    const { unit, path, isInternal } = options;
    traceRequest(
      {
        name: `${unit} ${request.method} ${path}`,
        attributes: { 'deskgraph.unit': unit, 'http.request.method': request.method },
        headers: isInternal ? request.headers : null,
        response: reply.raw,
      },
      done,
    );
  });
}
