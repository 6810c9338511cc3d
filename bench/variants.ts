import type { Endpoint } from './client/subscriber.ts';
import type { Fixture } from './fixture/start-fixture.ts';
import { PEERS } from './install-peers.ts';
import { Child, TSX } from './processes/child.ts';
import { SERVER_CORE } from './processes/cores.ts';
import { OURS } from './rows.ts';
import { startHive } from './servers/hive.ts';

const PATH = '/graphql';
const PROBE = new URL('./processes/memory-probe.js', import.meta.url).href;
/** Identical for every variant, so that their memory is comparable. */
const FLAGS: readonly string[] = ['--expose-gc', '--import', PROBE];

/** A started server, alone on its core. */
export interface RunningServer {
  readonly child: Child;
  readonly endpoint: Endpoint;
  /** The port of its event source's control. */
  readonly controlPort: number;
}

/** A measured program. */
export interface Variant {
  readonly name: string;
  readonly isPeer: boolean;
  /** @throws Error if it does not start */
  start(fixture: Fixture): Promise<RunningServer>;
}

/** Our gateway, over the fixture's subgraphs. */
export const ours: Variant = {
  name: OURS,
  isPeer: false,
  start: async ({ addresses, supergraphPath }) => {
    const child = await Child.start({
      file: new URL('./servers/ours.ts', import.meta.url),
      flags: FLAGS,
      core: SERVER_CORE,
    });
    const port = await askOrStop<number>(child, 'listen', {
      origins: addresses.origins,
      supergraphPath,
    });
    return { child, endpoint: { port, path: PATH }, controlPort: addresses.controlPort };
  },
};

/** Hive Gateway, over the same. */
export const hive: Variant = {
  name: 'hive',
  isPeer: true,
  start: async ({ addresses, supergraphPath }) => {
    const { child, port } = await startHive(supergraphPath, FLAGS);
    return { child, endpoint: { port, path: PATH }, controlPort: addresses.controlPort };
  },
};

/** A server that makes its events itself, without a subgraph before it. */
export function inProcess(name: 'graphql-ws' | 'mercurius' | 'ws'): Variant {
  return {
    name,
    isPeer: true,
    start: async () => {
      const child = await Child.start({
        file: `${PEERS}${name}.js`,
        // So that its memory can be compared with ours.
        flags: [...TSX, ...FLAGS],
        core: SERVER_CORE,
      });
      const { port, controlPort } = await askOrStop<{ port: number; controlPort: number }>(
        child,
        'listen',
      );
      return { child, endpoint: { port, path: PATH }, controlPort };
    },
  };
}

async function askOrStop<Output>(child: Child, method: string, input?: unknown): Promise<Output> {
  try {
    return await child.ask<Output>(method, input);
  } catch (cause) {
    await child.stop();
    throw cause;
  }
}
