import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeCluster } from './placement.ts';

const STRANGER = { uid: 54_321, gid: 54_321 };
let closed: string;
let data: string;

beforeEach(() => {
  closed = mkdtempSync(path.join(tmpdir(), 'deskgraph-test-'));
  data = path.join(closed, 'data');
  mkdirSync(path.join(data, 'cluster'), { recursive: true });
});
afterEach(() => rmSync(closed, { recursive: true }));

describe('a cluster that was copied back from a backup', () => {
  it('stays where its user can reach it', async () => {
    chmodSync(closed, 0o711);
    expect(await placeCluster(data, STRANGER)).toBe(path.join(data, 'cluster'));
  });

  it('is not begun with where its user cannot, and the commands that move it are said', async () => {
    const cluster = path.join(data, 'cluster');
    const [, place] = await placeCluster(data, STRANGER).then(
      () => [],
      (cause: Error) =>
        /cannot pass \S+ to its data: move it with .* && mv \S+ (\S+) && /.exec(cause.message) ??
        [],
    );
    expect(place).toMatch(/^\/var\/lib\/deskgraph\/cluster-/);
    await expect(placeCluster(data, STRANGER)).rejects.toThrow(`cannot pass ${closed} to`);
    await expect(placeCluster(data, STRANGER)).rejects.toThrow(`mv ${cluster} /var/lib/`);
  });
});
