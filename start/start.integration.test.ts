// `npm start` where it cannot start: one clear line, exit code 1, nothing left running. What it does
// where it can is the end-to-end suite's.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startWith(variables: Readonly<Record<string, string>>) {
  const state = path.join(folder, 'state');
  const child = spawn(process.execPath, ['--import', 'tsx', 'start.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], PORT: '0', STATE_DIR: state, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, lines: output.stderr.trim().split('\n'), stdout: output.stdout };
}

describe('npm start', () => {
  it.each([
    [
      'production, in which graphql-js leaves out checks that cost as much as its work',
      {},
      'production',
    ],
    ['what it was given', { NODE_ENV: 'test' }, 'test'],
  ])('runs in %s', (_what, given, expected) => {
    const programs = mkdtempSync(path.join(folder, 'programs-'));
    writeFileSync(path.join(programs, 'node'), '#!/bin/sh\necho "$NODE_ENV"\n', { mode: 0o755 });
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const { scripts } = JSON.parse(manifest) as { readonly scripts: { readonly start: string } };
    const env = { PATH: `${programs}:${process.env['PATH']}`, ...given };
    const { stdout } = spawnSync('sh', ['-c', scripts.start], { env, encoding: 'utf8' });
    expect(stdout).toBe(`${expected}\n`);
  });

  it('names every bad variable at once', async () => {
    const { code, lines, stdout } = await startWith({
      ...{ PORT: '70000', FEED: 'x', FEED_LOOP: 'yes', FEED_SPEED: 'fast' },
      ALLOWED_ORIGINS: 'https://desk.example, localhost:3000, https://*.desk.example',
      VENUE_ORIGINS:
        'kraken=https://proxy.example/kraken, binance:https://proxy.example, binance=https://me:hunter2@proxy.example',
    });
    expect(code).toBe(1);
    expect(lines).toEqual([
      'PORT: must be at most 65535',
      'FEED: is not sim, replay:<folder of recordings>, or any of binance,kraken,coinbase',
      'FEED_SPEED: is neither max nor a number from 0 to 1000',
      'FEED_LOOP: must be 0 or 1',
      'VENUE_ORIGINS, entry 2: is not <venue>=<origin>, such as kraken=https://proxy.example',
      'VENUE_ORIGINS, entry 3: is not <venue>=<origin>, such as kraken=https://proxy.example',
      'ALLOWED_ORIGINS, entry 2: is not an origin, such as https://desk.example',
      'ALLOWED_ORIGINS, entry 3: is not an origin, such as https://desk.example',
    ]);
    expect(stdout).toBe('');
  });

  it.each(['PORT', 'METRICS_PORT'])(
    'says that %s is taken before anything is made',
    async (name) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { code, lines } = await startWith({ [name]: String(port) });
      expect(code).toBe(1);
      expect(lines).toEqual([
        `${name}: 127.0.0.1:${port} is taken; stop what uses it or set ${name} to another one.`,
      ]);
      expect(readdirSync(path.join(folder, 'state'))).toEqual([]);
      other.close();
    },
  );

  it('says that one port cannot be both of its ports', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    other.close();
    const { code, lines } = await startWith({ PORT: String(port), METRICS_PORT: String(port) });
    expect(code).toBe(1);
    expect(lines).toEqual([
      `METRICS_PORT: 127.0.0.1:${port} is taken; stop what uses it or set METRICS_PORT to another one.`,
    ]);
  });

  it.each([
    ['a file', () => path.join(folder, 'a-file')],
    ['below a file', () => path.join(folder, 'a-file', 'below')],
    ['where nobody may write', () => '/proc/deskgraph'],
  ])('says that its folder is %s', async (_case, place) => {
    writeFileSync(path.join(folder, 'a-file'), '');
    const { code, lines } = await startWith({ STATE_DIR: place() });
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^STATE_DIR: the folder .* cannot be written \([A-Z]+\)\.$/),
    ]);
  });

  it('says that there is no recording', async () => {
    const { code, lines } = await startWith({ FEED: 'replay:/nowhere' });
    expect(code).toBe(1);
    expect(lines).toEqual(['FEED: the folder /nowhere cannot be read (ENOENT).']);
  });
});
