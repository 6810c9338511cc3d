import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const LIMIT_MS = 1000;

/**
 * Serves `/health/live` (this process answers) and `/health/ready` (so do all the parts it needs,
 * and the supergraph is usable).
 * @param options.origins of the subgraphs, by name; a reply of 503 names those that are not ready
 * @returns a function that closes the connections used for asking
 */
export function serveHealth(
  app: FastifyInstance,
  options: {
    readonly origins: ReadonlyMap<string, string>;
    readonly isLoaded: () => boolean;
  },
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
  const findWaiting = async () => {
    const parts = await Promise.all(
      [...options.origins].map(async ([name, origin]) => ((await isReady(origin)) ? null : name)),
    );
    return [...parts, options.isLoaded() ? null : 'supergraph'].filter((part) => part !== null);
  };
  let looking: Promise<readonly string[]> | null = null;
  // Requests that arrive during a check share its answer, so that nobody can delay others by asking
  // without pause.
  const look = () => {
    looking ??= findWaiting().finally(() => {
      looking = null;
    });
    return looking;
  };
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const waitingFor = await look();
    if (waitingFor.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', waitingFor });
  });
  return { stop: () => agent.destroy() };
}
