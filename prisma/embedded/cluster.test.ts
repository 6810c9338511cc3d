import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createCluster } from './cluster.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-cluster-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a cluster that cannot be made says why, and not how that was cleaned up', async () => {
  const initdb = path.join(folder, 'initdb');
  const said = [
    'initdb: error: could not write file "base/1": No space left on device',
    'initdb: removing contents of data directory "cluster.new"',
  ];
  const script = said.map((line) => `echo '${line}' >&2`).join('\n');
  writeFileSync(initdb, `#!/bin/sh\n${script}\nexit 1\n`, { mode: 0o755 });
  const settings = {
    binaries: { initdb, postgres: '' },
    user: {},
    folder: path.join(folder, 'cluster'),
    logFile: path.join(folder, 'log'),
    isDurable: false,
    onSlow: () => undefined,
  };
  await expect(createCluster(settings, 'secret')).rejects.toThrow(
    `PostgreSQL could not make its files in ${settings.folder}: ${said[0]}`,
  );
});
