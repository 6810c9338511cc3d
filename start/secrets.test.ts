import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readOrMakeSecrets } from './secrets.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-secrets-'));
const file = path.join(folder, 'secrets.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('secrets are made once, for their owner alone, also where a writer was killed half way', async () => {
  writeFileSync(`${file}.new`, '{"accessTok');
  const made = await readOrMakeSecrets(file);
  expect(await readOrMakeSecrets(file)).toEqual(made);
  expect(readdirSync(folder)).toEqual(['secrets.json']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(['', 'null', '{}', '{"accessTokenKey":"a","gateway":{},"order":{}}'])(
  'secrets of which %j is left are named, and not made again',
  async (left) => {
    writeFileSync(file, left);
    await expect(readOrMakeSecrets(file)).rejects.toThrow(`The secrets in ${file} are damaged`);
  },
);
