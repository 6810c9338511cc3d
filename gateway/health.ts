import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';

const LIMIT_MS = 1000;

/**
 * Serves `/health/live` (this process answers) and `/health/ready` (so do all the parts it needs, and
 * the supergraph is usable).
 * @param options.origins of the subgraphs
 * @returns what closes the connections used for asking
 */
export function serveHealth(
  app: FastifyInstance,
  options: { readonly origins: readonly string[]; readonly isLoaded: () => boolean },
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
    const answers = await Promise.all(options.origins.map(isReady));
    const ready = options.isLoaded() && answers.every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  return { stop: () => agent.close() };
}
