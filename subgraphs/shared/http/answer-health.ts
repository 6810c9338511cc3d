import type { FastifyInstance } from 'fastify';

/**
 * Serves `/health/live` (this process answers) and `/health/ready` (so does all that it needs); an answer
 * of 503 names what it waits for.
 * @param findWaiting what that is; nothing if it is ready. Never throws
 */
export function answerHealth(
  app: FastifyInstance,
  findWaiting: () => Promise<readonly string[]>,
): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const waitingFor = await findWaiting();
    if (waitingFor.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', waitingFor });
  });
}
