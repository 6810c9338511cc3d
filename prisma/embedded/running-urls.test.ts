import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRunningUrls } from './running-urls.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-urls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a desk that does not run and one that cannot be seen, such as that of another user, are told apart', async () => {
  await expect(readRunningUrls(folder)).rejects.toThrow(`No desk runs on ${folder}.`);
  // It fails for root, too, who can read every file.
  mkdirSync(path.join(folder, 'cluster', 'postmaster.pid'), { recursive: true });
  await expect(readRunningUrls(folder)).rejects.toThrow(
    `The database in ${folder}/cluster cannot be read (EISDIR): is it another user's?`,
  );
});
