import type { FastifyInstance } from 'fastify';
import { unavailableExtensions } from '#shared/graphql/domain-error.ts';

const STATUS = 503;

/** The body of the refusal, in GraphQL's shape. */
export const REFUSAL_WHILE_CLOSING = JSON.stringify({
  errors: [
    {
      message: 'The server is shutting down. Send the request again, over another connection.',
      extensions: unavailableExtensions('NOT_APPLIED'),
    },
  ],
});

/**
 * While the server shuts down, every reply ends its connection, so that its client goes elsewhere;
 * and what still arrives over an open one is refused before anything is done. Needs
 * `return503OnClosing: false`: otherwise Fastify refuses it in a shape of its own.
 */
export function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onRequest', (_request, reply, done) => {
    if (!isClosing) return done();
    void reply.code(STATUS).type('application/json; charset=utf-8').send(REFUSAL_WHILE_CLOSING);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}

/** Whether a reply is that refusal: then nothing was done. */
export function isRefusedWhileClosing(statusCode: number, text: string): boolean {
  return statusCode === STATUS && text === REFUSAL_WHILE_CLOSING;
}
