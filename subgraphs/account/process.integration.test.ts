// The account subgraph's own program. What is tested here is the same in the programs of all subgraphs.
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../prisma/test-database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WITHIN = { timeout: 60_000, interval: 20 };

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** What it has written so far. */
  output(): string;
}

let database: TestDatabase;
let programs: Program[];
beforeEach(async () => {
  programs = [];
  database = await createTestDatabase('account');
});
afterEach(async () => {
  for (const { child, ended } of programs) {
    child.kill('SIGTERM');
    await ended;
  }
  await database.drop();
});

function start(metricsPort: string, port = '0'): Program {
  const { privateKey } = generateKeyPairSync('ed25519');
  const child = spawn(process.execPath, ['--import', 'tsx', 'subgraphs/account/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: port,
      METRICS_PORT: metricsPort,
      DATABASE_URL: database.url,
      PASSPORT_KEYS: 'gateway.1=a secret for tests that is long enough',
      ACCESS_TOKEN_KEY: JSON.stringify(privateKey.export({ format: 'jwk' })),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const program = { child, ended: once(child, 'close'), output: () => output };
  programs.push(program);
  return program;
}

/** Where a program serves something, once it does. */
async function originOf(program: Program, message: string): Promise<string> {
  const line = new RegExp(`"origin":"([^"]+)","msg":"${message}"`);
  await expect.poll(() => program.output(), WITHIN).toMatch(line);
  return line.exec(program.output())?.[1] ?? '';
}

it('serves metrics on a port of their own, and does not begin if that is taken', async () => {
  const program = start('0');
  const metrics = await originOf(program, 'serving metrics');
  const server = await originOf(program, 'listening');
  const text = await (await fetch(`${metrics}/metrics`)).text();
  expect(text).toContain('\ndeskgraph_subgraph_ready 1\n');
  expect((await fetch(`${server}/metrics`)).status).toBe(401);

  const { port } = new URL(metrics);
  const second = start(port);
  await second.ended;
  const reason = `listen EADDRINUSE: address already in use 127.0.0.1:${port}`;
  expect(second.output()).toBe(`account: ${reason}\n`);
  expect(second.child.exitCode).toBe(1);
});

it('says in one line that its port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const program = start('0', String(port));
  await program.ended;
  taken.close();
  const lines = program.output().split('\n');
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
    `account: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
    '',
  ]);
});

it('stops in order if its database was migrated while it was cut off', async () => {
  const program = start('0');
  await originOf(program, 'listening');
  await database.sql(`UPDATE _prisma_migrations SET migration_name = '29991231235959_newer'
    WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`);
  await database.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'deskgraph account'`);
  await program.ended;
  expect(program.output()).toContain('stopping: the database was migrated while out of reach');
  expect(program.child.exitCode).toBe(0);
});
