import type { FixtureName } from '../fixture/supergraph.ts';
import { PEERS } from '../install-peers.ts';
import { Child } from '../processes/child.ts';
import { SERVER_CORE } from '../processes/cores.ts';
import { OURS } from '../rows.ts';
import { startHive } from '../servers/hive.ts';

/** Equal queries in flight are shared, as ours are. */
const QUERIES = `${PEERS}hive-queries.config.js`;
const PROBE = new URL('../processes/memory-probe.js', import.meta.url).href;
const FLAGS: readonly string[] = ['--expose-gc', '--import', PROBE];
const PROFILE_PROBE = new URL('../processes/profile-probe.js', import.meta.url).href;

/** What a gateway is started over. */
interface QueryFixture {
  readonly supergraphPath: string;
  readonly origins: Readonly<Record<FixtureName, string>>;
}

/** A gateway that is measured. */
export interface QueryVariant {
  readonly name: string;
  readonly isHive: boolean;
  /** @throws Error if it does not start */
  start(fixture: QueryFixture): Promise<{ readonly child: Child; readonly port: number }>;
}

/** Ours and its peers; Hive's share equal queries in flight, as ours does. */
export const QUERY_VARIANTS: readonly QueryVariant[] = [
  typescript('apollo', '../servers/apollo.ts'),
  hive('hive', ['--jit']),
  hive('hiveRust', ['--hive-router-runtime']),
  typescript(OURS, '../servers/ours.ts'),
];

/** The variants that can be profiled. */
export const PROFILED_VARIANTS: readonly QueryVariant[] = [
  typescript('apollo', '../servers/apollo.ts', ['--import', PROFILE_PROBE]),
  typescript(OURS, '../servers/ours.ts', ['--import', PROFILE_PROBE]),
];

function typescript(name: string, file: string, flags: readonly string[] = []): QueryVariant {
  return {
    name,
    isHive: false,
    start: async (fixture) => {
      const child = await Child.start({
        file: new URL(file, import.meta.url),
        flags: [...FLAGS, ...flags],
        core: SERVER_CORE,
      });
      const { supergraphPath, origins } = fixture;
      return { child, port: await child.ask<number>('listen', { supergraphPath, origins }) };
    },
  };
}

function hive(name: string, options: readonly string[]): QueryVariant {
  return {
    name,
    isHive: true,
    start: ({ supergraphPath }) => startHive(supergraphPath, FLAGS, ['-c', QUERIES, ...options]),
  };
}
