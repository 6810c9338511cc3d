import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { rateLimited } from '#shared/graphql/domain-error.ts';
import { GROSS, type Offenses } from '../limits/offenses.ts';
import type { ClientOrigins } from './client-origins.ts';

const TOO_LARGE = 413;

/**
 * Refuses strangers who sent too many invalid requests before their body is read, and counts
 * requests that reach no endpoint: bodies that are too large or not JSON. A request with a
 * credential is not limited by what others do at the same address.
 */
export function barOffenders(
  app: FastifyInstance,
  {
    path,
    clients,
    offenses,
  }: { readonly path: string; readonly clients: ClientOrigins; readonly offenses: Offenses },
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (showsCredential(request.headers) || request.routeOptions.url !== path) return done();
    const barredMs = offenses.barredForMs(clients.of(request).address);
    if (barredMs === 0) return done();
    const message = 'There were too many invalid requests from this address.';
    void reply
      .code(429)
      .headers({ 'retry-after': Math.ceil(barredMs / 1000), connection: 'close' })
      .send({ errors: [rateLimited(message, { retryAfterMs: barredMs })] });
  });
  app.addHook('onError', (request, _reply, error, done) => {
    const isOffense = (error.statusCode ?? 500) < 500 && !showsCredential(request.headers);
    const weight = error.statusCode === TOO_LARGE ? GROSS : 1;
    if (isOffense) offenses.note(clients.of(request).address, weight);
    done();
  });
}

/** Whether a request shows a credential, valid or not; an empty header shows none. */
export function showsCredential(headers: IncomingHttpHeaders): boolean {
  return [headers.authorization, headers['x-api-key']].some((shown) => (shown ?? '') !== '');
}
