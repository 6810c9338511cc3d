import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#shared/domain/clock.ts';
import { joinRunning } from '#shared/domain/join-running.ts';
import { answerHealth } from '#shared/http/answer-health.ts';
import { PASSPORT_HEADER, signPassport } from '#shared/identity/passport.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { SubgraphAddress } from '#shared/subgraph/subgraph-client.ts';

const LIMIT_MS = 1000;
const GATEWAY: Viewer = { kind: 'service', name: 'gateway' };

/**
 * Serves the gateway's health: it is ready if all the subgraphs are and accept its passports, and
 * the supergraph is usable. A reply of 503 names the subgraphs that are not ready.
 * @returns a function that closes the connections used for asking
 */
export function serveHealth(
  app: FastifyInstance,
  options: {
    readonly subgraphs: readonly SubgraphAddress[];
    readonly clock: Clock;
    readonly isLoaded: () => boolean;
  },
): { stop(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statusOf = async ({ name, url, passportKey }: SubgraphAddress): Promise<number | null> => {
    const about = { audience: name, key: passportKey, body: '' };
    const passport = signPassport({ viewer: GATEWAY, ...about, clock: options.clock });
    try {
      const signal = AbortSignal.timeout(LIMIT_MS);
      const headers = { [PASSPORT_HEADER]: passport };
      const request = get(`${url}/health/ready`, { agent, signal, headers });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end', { signal });
      return response.statusCode ?? null;
    } catch {
      return null;
    }
  };
  const findWaiting = async () => {
    const parts = await Promise.all(
      options.subgraphs.map(async (subgraph) => {
        const status = await statusOf(subgraph);
        if (status === 401) return `${subgraph.name} (it refuses the passports of the gateway)`;
        return status === 200 ? null : subgraph.name;
      }),
    );
    return [...parts, options.isLoaded() ? null : 'supergraph'].filter((part) => part !== null);
  };
  answerHealth(app, joinRunning(findWaiting));
  return { stop: () => agent.destroy() };
}
