import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ClientOrigins } from './client-origins.ts';

/** A year: longer than any client stays away. */
const HTTPS_ONLY = 'max-age=31536000';

/** On every reply: it is for the requester alone, and of the type it states. Pages add to them. */
export const REPLY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Puts them on every reply of the application. A client that came by TLS is told to stay with it.
 */
export function protectReplies(app: FastifyInstance, clients: ClientOrigins): void {
  app.addHook('onRequest', (request, reply, done) => {
    protectReply(request, reply, clients);
    done();
  });
}

/** The same for a single reply that is made where no hook runs. */
export function protectReply(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  clients: ClientOrigins,
): void {
  void reply.headers(REPLY_HEADERS);
  if (clients.isSecure(raw)) void reply.header('strict-transport-security', HTTPS_ONLY);
}
