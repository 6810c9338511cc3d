import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import {
  addedVersions,
  judge,
  LEAST_AGE_DAYS,
  passes,
  type PublishedTimes,
  sentenceOf,
} from './package-ages.ts';

const LOCKFILE = 'package-lock.json';
/** How many requests to the registry run at once. */
const AT_ONCE = 4;
const MOST_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/**
 * `npm run check:ages`: checks that each version in the lockfile that is new since the last commit is
 * old enough to use. `-- --since <commit>` compares with another commit. Asks the registry that npm is
 * configured for when each new version was published.
 */
async function main(): Promise<number> {
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
  return refused > 0 ? 1 : 0;
}

/** The lockfile in a commit. @returns null if it did not exist yet */
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

runCommand(main, 2);
