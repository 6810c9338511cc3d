import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIXTURE_NAMES, type FixtureName } from '../fixture/supergraph.ts';
import { Child } from '../processes/child.ts';
import { CLIENT_CORE } from '../processes/cores.ts';
import { composeQuerySupergraph } from './subgraphs.ts';

/** What gateways are measured over: subgraphs, their supergraph as a file, and who asks. */
export interface RunningFixture {
  readonly supergraphPath: string;
  readonly origins: Readonly<Record<FixtureName, string>>;
  readonly load: Child;
  stop(): Promise<void>;
}

/** Starts the subgraphs and the load, each a process; all of them on the clients' core. */
export async function startQueryFixture(): Promise<RunningFixture> {
  const [load, ...subgraphs] = await Promise.all([
    startChild('./load.ts'),
    ...FIXTURE_NAMES.map(() => startChild('./subgraphs.ts')),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'deskgraph-bench-'));
  const origins = Object.fromEntries(
    await Promise.all(
      FIXTURE_NAMES.map(async (name, index) => [name, await subgraphs[index]?.ask('listen', name)]),
    ),
  ) as RunningFixture['origins'];
  const supergraphPath = join(folder, 'supergraph.graphql');
  await writeFile(supergraphPath, composeQuerySupergraph(origins));
  return {
    ...{ supergraphPath, origins, load },
    stop: async () => {
      await Promise.all([load, ...subgraphs].map((child) => child.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startChild(file: string): Promise<Child> {
  return Child.start({ file: new URL(file, import.meta.url), core: CLIENT_CORE });
}
