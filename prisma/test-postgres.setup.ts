import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The PostgreSQL of this test run; `createTestDatabase` hands out databases on it. */
    readonly postgres: Pick<EmbeddedPostgres, 'adminUrl' | 'urls'>;
  }
}

interface SharedPostgres {
  users: number;
  readonly started: Promise<EmbeddedPostgres>;
}

/** Each project loads this file again, so shared state lives outside of it. */
const shared = globalThis as { deskgraphTestPostgres?: SharedPostgres };

/** Starts one PostgreSQL for all projects of the run that need it; the last project stops it. */
export async function setup(project: TestProject): Promise<void> {
  shared.deskgraphTestPostgres ??= { users: 0, started: start() };
  shared.deskgraphTestPostgres.users += 1;
  const { adminUrl, urls } = await shared.deskgraphTestPostgres.started;
  project.provide('postgres', { adminUrl, urls });
}

/** Ends this project's use of it. */
export async function teardown(): Promise<void> {
  const current = shared.deskgraphTestPostgres;
  if (current === undefined || (current.users -= 1) > 0) return;
  delete shared.deskgraphTestPostgres;
  await (await current.started).discard();
}

async function start(): Promise<EmbeddedPostgres> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'deskgraph-test-'));
  const guard = fileURLToPath(new URL('./test-postgres-guard.ts', import.meta.url));
  // This pipe closes when we end, even by SIGKILL.
  spawn(process.execPath, ['--import', 'tsx', guard, dataDirectory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  }).unref();
  return startEmbeddedPostgres({ dataDirectory, isDurable: false });
}
