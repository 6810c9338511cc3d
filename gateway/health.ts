import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';

const LIMIT_MS = 1000;

/**
 * Serves `/health/live` (this process answers) and `/health/ready` (so do all the parts it needs).
 * @param origins of the subgraphs
 * @returns what closes the connections used for asking
 */
export function serveHealth(
  app: FastifyInstance,
  origins: readonly string[],
): { stop(): Promise<void> } {
  const agent = new Agent({ connections: 1 });
  const isReady = async (origin: string): Promise<boolean> => {
    try {
      const { statusCode, body } = await request(`${origin}/health/ready`, {
        dispatcher: agent,
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  };
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const ready = (await Promise.all(origins.map(isReady))).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  return { stop: () => agent.close() };
}
