import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { joinRunning } from '#shared/domain/join-running.ts';
import { answerHealth } from '#shared/http/answer-health.ts';

const LIMIT_MS = 1000;

/**
 * Serves the gateway's health: it is ready if all the subgraphs are, and the supergraph is usable.
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
  answerHealth(app, joinRunning(findWaiting));
  return { stop: () => agent.destroy() };
}
