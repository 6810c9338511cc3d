import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, traceRequest } from '#shared/tracing/tracing.ts';

/**
 * Makes each request to a path a span, whose trace is its caller's where that is a neighbor. To be
 * called after what keeps strangers out.
 */
export function traceRequests(
  app: FastifyInstance,
  options: {
    readonly unit: string;
    readonly path: string;
    /** Whether callers are believed what trace they belong to: never clients. */
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
