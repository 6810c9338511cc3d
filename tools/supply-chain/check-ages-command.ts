import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';
import {
  addedVersions,
  judge,
  LEAST_AGE_DAYS,
  passes,
  type PublishedTimes,
  sentenceOf,
} from './package-ages.ts';

const LOCKFILE = 'package-lock.json';
/** Questions to the registry at a time. */
const AT_ONCE = 4;
const MOST_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/**
 * `npm run check:ages`: whether each version that the lockfile has, and that of the last commit had
 * not, is old enough to be taken. `-- --since <commit>` compares with another one. The registry that
 * npm is set up for tells when a version was published, so that only what is new is asked for.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { since: { type: 'string', default: 'HEAD' } } });
  const { stdout: root } = await run('git', ['rev-parse', '--verify', `${values.since}^{commit}`]);
  const before = await lockfileAt(root.trim());
  const versions = addedVersions(await readFile(LOCKFILE, 'utf8'), before);
  const names = [...new Set(versions.map(({ name }) => name))];
  const times = new Map<string, PublishedTimes>();
  const askOneByOne = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      times.set(name, await publishedTimes(name));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  const verdicts = versions.map((version) => ({
    version,
    verdict: judge(version, times.get(version.name) ?? null, Date.now()),
  }));
  for (const { version, verdict } of verdicts)
    process.stdout.write(`${sentenceOf(version, verdict)}\n`);
  const refused = verdicts.filter(({ verdict }) => !passes(verdict)).length;
  process.stdout.write(
    `${versions.length} new versions since ${values.since}, ${refused} of them not known to be ${LEAST_AGE_DAYS} days old\n`,
  );
  if (refused > 0) process.exitCode = 1;
}

/** @returns null if there was none yet */
async function lockfileAt(commit: string): Promise<string | null> {
  const { stdout: listed } = await run('git', ['ls-tree', '--name-only', commit, LOCKFILE]);
  if (listed.trim() === '') return null;
  const show = ['show', `${commit}:${LOCKFILE}`];
  return (await run('git', show, { maxBuffer: MOST_BYTES })).stdout;
}

async function publishedTimes(name: string): Promise<PublishedTimes> {
  try {
    const view = ['view', name, 'time', '--json'];
    const { stdout } = await run('npm', view, { maxBuffer: MOST_BYTES });
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as PublishedTimes);
  } catch {
    return null;
  }
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 2;
});
