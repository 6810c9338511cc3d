import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ClientOrigins } from './client-origins.ts';

/** Longer than anybody stays away: a year. */
const HTTPS_ONLY = 'max-age=31536000';

/** On every reply: it is whoever asked's alone, and of the type that it says. Pages add to them. */
export const REPLY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Puts them on all that the application answers. Where a client came by TLS, it is to stay there. */
export function protectReplies(app: FastifyInstance, clients: ClientOrigins): void {
  app.addHook('onRequest', (request, reply, done) => {
    protectReply(request, reply, clients);
    done();
  });
}

/** The same for one reply that is made where no hook runs. */
export function protectReply(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  clients: ClientOrigins,
): void {
  void reply.headers(REPLY_HEADERS);
  if (clients.isSecure(raw)) void reply.header('strict-transport-security', HTTPS_ONLY);
}
