import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#shared/environment/free-port.ts';
import { PEERS } from '../install-peers.ts';
import { Child } from '../processes/child.ts';
import { SERVER_CORE } from '../processes/cores.ts';

const START_LIMIT_MS = 60_000;
const POLL_MS = 100;

/**
 * Starts Hive Gateway over a supergraph.
 * @param options its own, a configuration file among them
 * @throws Error if it does not become ready
 */
export async function startHive(
  supergraphPath: string,
  flags: readonly string[],
  options: readonly string[] = ['-c', `${PEERS}hive.config.js`],
): Promise<{ readonly child: Child; readonly port: number }> {
  const port = await freePort();
  const child = await Child.start({
    file: `${PEERS}node_modules/@graphql-hive/gateway/dist/bin.js`,
    args: [
      'supergraph',
      supergraphPath,
      ...options,
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--fork',
      '1',
    ],
    flags,
    core: SERVER_CORE,
    saysReady: false,
  });
  try {
    await untilReady(port);
    // It loads the supergraph with the first request; until then every subscription fails.
    await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    return { child, port };
  } catch (cause) {
    await child.stop();
    throw cause;
  }
}

async function untilReady(port: number): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/readiness`).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(POLL_MS);
  }
  throw new Error('Hive Gateway was not ready in time.');
}
