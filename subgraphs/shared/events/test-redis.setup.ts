import { type ChildProcess, spawn } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { freePort } from '#shared/environment/free-port.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Redis of this test run; null if the machine has no `redis-server`. */
    readonly redisUrl: string | null;
  }
}

interface SharedRedis {
  users: number;
  readonly started: Promise<{ readonly url: string; stop(): Promise<void> } | null>;
}

const READY_LINE = 'Ready to accept connections';
const PORT_TAKEN_LINE = 'Address already in use';
const PORT_ATTEMPTS = 3;

/** Each project loads this file again; what they share has to live outside of it. */
const shared = globalThis as { deskgraphTestRedis?: SharedRedis };

/** Starts one real Redis for all projects of the run that need it; the last to leave stops it. */
export async function setup(project: TestProject): Promise<void> {
  shared.deskgraphTestRedis ??= { users: 0, started: start() };
  shared.deskgraphTestRedis.users += 1;
  project.provide('redisUrl', (await shared.deskgraphTestRedis.started)?.url ?? null);
}

/** Ends this project's use of it. */
export async function teardown(): Promise<void> {
  const current = shared.deskgraphTestRedis;
  if (current === undefined || (current.users -= 1) > 0) return;
  delete shared.deskgraphTestRedis;
  await (await current.started)?.stop();
}

/** Somebody else may take the port between; Redis says so then. */
async function start() {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryToStart(await freePort());
    if (started !== 'port taken') return started;
    if (attempt === PORT_ATTEMPTS) throw new Error('redis-server found no free port');
  }
}

/** @returns null if there is no `redis-server` to start */
async function tryToStart(port: number) {
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' },
  );
  const outcome = await becomesReady(child);
  if (outcome !== 'ready') return outcome;
  guard(child, port);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Outlives the run: when our end of its standard input closes, even by SIGKILL, it stops what is left. */
function guard({ pid }: ChildProcess, port: number): void {
  const script = 'cat > /dev/null; ps -o args= -p "$1" | grep -q "redis-server.*:$2" && kill "$1"';
  spawn('sh', ['-c', script, 'guard', String(pid), String(port)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  }).unref();
}

function becomesReady(child: ChildProcess): Promise<'ready' | 'port taken' | null> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', () => resolve(null));
    child.once('exit', () => {
      if (output.includes(PORT_TAKEN_LINE)) resolve('port taken');
      else reject(new Error(`redis-server did not start:\n${output}`));
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(READY_LINE)) resolve('ready');
    });
  });
}
