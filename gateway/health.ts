import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const LIMIT_MS = 1000;

/**
 * Serves `/health/live` (this process answers) and `/health/ready` (so do all the parts it needs,
 * and the supergraph is usable).
 * @param options.origins of the subgraphs
 * @returns a function that closes the connections used for asking
 */
export function serveHealth(
  app: FastifyInstance,
  options: { readonly origins: readonly string[]; readonly isLoaded: () => boolean },
): { stop(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const isReady = async (origin: string): Promise<boolean> => {
    try {
      const signal = AbortSignal.timeout(LIMIT_MS);
      const request = get(`${origin}/health/ready`, { agent, signal });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end', { signal });
      return response.statusCode === 200;
    } catch {
      return false;
    }
  };
  const areReady = async () => (await Promise.all(options.origins.map(isReady))).every(Boolean);
  let looking: Promise<boolean> | null = null;
  // Requests that arrive during a check share its answer, so that nobody can delay others by asking
  // without pause.
  const look = () => {
    looking ??= areReady().finally(() => {
      looking = null;
    });
    return looking;
  };
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const ready = (await look()) && options.isLoaded();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  return { stop: () => agent.destroy() };
}
