import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeEnvFile } from './env-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-env-'));
const file = path.join(folder, '.env');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the secrets of Docker Compose are all made, for their owner alone, and those of a desk are never replaced', async () => {
  await makeEnvFile(file);
  const made = readFileSync(file, 'utf8');
  const compose = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const required = [...compose.matchAll(/\$\{([A-Z_]+):\?\}/g)].map(([, name]) => name);
  const names = made
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names.sort()).toEqual([...new Set(required)].sort());
  expect(statSync(file).mode & 0o777).toBe(0o600);

  await expect(makeEnvFile(file)).rejects.toThrow(`${file} exists`);
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect(readdirSync(folder)).toEqual(['.env']);
});

it.each([
  ['.gitignore', ['.data', '.env*', '*.env']],
  // Docker looks for a name in the first folder alone, unless it is told otherwise.
  ['.dockerignore', ['.data', '**/.env*', '**/*.env']],
])('no file of secrets passes %s', (file, names) => {
  const lines = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').split('\n');
  expect(lines).toEqual(expect.arrayContaining(names));
});
