import type { FastifyInstance } from 'fastify';
import { DomainErrorCode } from '#shared/graphql/domain-error.ts';

const REFUSAL = {
  errors: [
    {
      message: 'The server is shutting down. Send the request again, over another connection.',
      extensions: { code: DomainErrorCode.UNAVAILABLE, outcome: 'NOT_APPLIED', retryable: true },
    },
  ],
};

/**
 * While the server shuts down, every reply ends its connection, so that its client goes elsewhere;
 * and what still arrives over an open one is refused before anything is done, in GraphQL's shape.
 */
export function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onRequest', (_request, reply, done) => {
    if (!isClosing) return done();
    void reply.code(503).send(REFUSAL);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}
