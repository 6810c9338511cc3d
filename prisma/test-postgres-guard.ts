import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readPostmaster, servesCluster, stopPostmaster } from './embedded/postmaster.ts';

/**
 * Outlives a test run. When its standard input ends, the run is over, however it ended, and this process
 * stops and deletes whatever is left of the run's PostgreSQL. After an orderly end, nothing is left.
 */
async function cleanUp(dataDirectory: string): Promise<void> {
  const cluster = path.join(dataDirectory, 'cluster');
  const postmaster = readPostmaster(cluster);
  if (postmaster !== null && servesCluster(postmaster, cluster))
    await stopPostmaster(postmaster.pid, cluster);
  await rm(dataDirectory, { recursive: true, force: true });
}

const [dataDirectory] = process.argv.slice(2);
process.stdin.resume();
process.stdin.on('close', () => {
  if (dataDirectory !== undefined) void cleanUp(dataDirectory);
});
