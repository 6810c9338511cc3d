import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const POSTGRES = 'prisma/test-postgres.setup.ts';
const REDIS = 'subgraphs/shared/events/test-redis.setup.ts';
/** Loaded before each test file. */
const SETUP = ['tools/test-property-seed.setup.ts'];
const GENERATED = ['**/node_modules/**', '**/__generated__/**'];

/**
 * Files share their worker's modules, since loading them again for each takes as long as many of the
 * tests. So no module may keep what one test did from another: what has state is made by the test.
 */
const SHARED_MODULES = { isolate: false };

/** `expect.poll` gives up after a second unless it is told otherwise, which a busy machine may take for anything. */
const PATIENT = { expect: { poll: { timeout: 20_000 } } };

/**
 * The copy of graphql that Node itself would load, and so every library: Vite would take the other
 * build of the same package, whose types are strangers to the libraries' schemas.
 */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
};

const hasRedis = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, 'redis-server')));

if (!hasRedis && process.env['REQUIRE_ALL'] === '1')
  throw new Error('REQUIRE_ALL=1, but there is no redis-server on this machine.');
if (!hasRedis)
  process.stderr.write(
    'No redis-server: tests of the Redis event bus and of separate processes are left out (apt-get install redis-server, or brew install redis).\n',
  );

/** Scenarios run on separate processes, with Redis between them. */
const PROCESSES = { E2E_MODE: 'processes' };

const endToEnd = {
  include: ['gateway/e2e/**/*.e2e.ts'],
  ...PATIENT,
  // And the desks that are shared, see gateway/e2e/support/shared-desk.ts.
  ...SHARED_MODULES,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Each desk is four servers; a third one at once would starve the others.
  maxWorkers: 1,
};

/** They kill one process of several. */
const KILLING = ['**/resume.e2e.ts', '**/crash.e2e.ts', '**/cancel-on-disconnect.e2e.ts'];

/** They mostly wait: for processes that come back, or for a replay. */
const LONG = [...KILLING, '**/recording-replay.e2e.ts'];

/** They look at what their own process keeps, or count on its time: nothing of other files may be in it. */
const ALONE = ['**/soak.integration.test.ts', '**/delivery.integration.test.ts'];

/**
 * The files that take longest begin first, so that in the end no worker is busy with one of them while
 * the other has nothing left: many are small, which without a past run are taken for short. One that
 * starts processes or composes schemas stands beside one that waits, because two would slow each other.
 */
const FIRST = [
  'simulation/simulation.test.ts',
  'gateway/supervise-workers.integration.test.ts',
  'subgraphs/order/recovery.integration.test.ts',
  'subgraphs/market-data/feed/live/live-feed.integration.test.ts',
  'gateway/supergraph/supergraph-file.integration.test.ts',
  'gateway/identity/credential-watch.integration.test.ts',
  'subgraphs/order/ownership.integration.test.ts',
  'gateway/subscriptions/slow-consumers.integration.test.ts',
  'subgraphs/market-data/replay.integration.test.ts',
  'gateway/subscriptions/sockets.integration.test.ts',
  'gateway/subscriptions/serve-event-streams.integration.test.ts',
];

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const found = FIRST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return found < 0 ? FIRST.length : found;
}

const projects: readonly TestProjectInlineConfiguration['test'][] = [
  {
    name: 'unit',
    include: ['**/*.test.ts'],
    setupFiles: SETUP,
    exclude: [...GENERATED, '**/*.integration.test.ts'],
    ...SHARED_MODULES,
    ...PATIENT,
    // Composing and planning take seconds on a busy machine, and a run on another Node has only what others leave.
    testTimeout: 120_000,
    sequence: { groupOrder: 0 },
  },
  {
    name: 'integration',
    include: ['**/*.integration.test.ts'],
    setupFiles: SETUP,
    exclude: [...GENERATED, ...ALONE],
    globalSetup: [POSTGRES, REDIS],
    ...SHARED_MODULES,
    ...PATIENT,
    testTimeout: 60_000,
    // The first that need a store make it for all, and load what they start.
    hookTimeout: 120_000,
    // A good part of their time they wait.
    maxWorkers: 3,
    sequence: { groupOrder: 1 },
  },
  {
    name: 'integration-alone',
    include: ALONE,
    setupFiles: SETUP,
    exclude: GENERATED,
    ...PATIENT,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { groupOrder: 4 },
  },
  {
    name: 'e2e',
    ...endToEnd,
    exclude: [...GENERATED, ...KILLING],
    globalSetup: [POSTGRES, REDIS],
    sequence: { groupOrder: 2 },
  },
  {
    name: 'e2e-processes',
    ...endToEnd,
    env: PROCESSES,
    // One process whatever the mode: they would only run twice.
    exclude: [
      ...GENERATED,
      ...LONG,
      '**/restart.e2e.ts',
      '**/dashboard-cost.e2e.ts',
      '**/secrets.e2e.ts',
      '**/pushed-revocation.e2e.ts',
    ],
    globalSetup: [POSTGRES, REDIS],
    sequence: { groupOrder: 3 },
  },
  {
    name: 'e2e-long',
    ...endToEnd,
    include: LONG,
    env: PROCESSES,
    exclude: GENERATED,
    globalSetup: [POSTGRES, REDIS],
    sequence: { groupOrder: 5 },
  },
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongFilesFirst },
    projects: projects
      .filter((test) => hasRedis || test?.env !== PROCESSES)
      .map((test) => ({ resolve, test: test ?? {} })),
  },
});
