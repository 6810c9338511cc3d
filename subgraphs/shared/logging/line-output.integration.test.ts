import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Logs lines of a kilobyte, says that it is still at work, and ends when it is told to; says that, too. */
const programOf = (lines: number) => `
  const { createLogger } = await import('./subgraphs/shared/logging/logger.ts');
  const logger = createLogger({ unit: 'test', level: 'info' });
  for (let line = 0; line < ${lines}; line += 1) logger.info({ line, text: 'x'.repeat(1000) }, 'a line');
  setTimeout(() => process.stdout.write('at work'), 100);
  process.stdin.once('data', () => {
    logger.info('the last one');
    process.stdout.write('ending');
    process.exit(7);
  });
`;

const LOST = 'lines were lost because nobody read the log';

let folder: string;
let pipe: string;
let readEnd: number;
let children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deskgraph-log-'));
  pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  readEnd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  closeSync(readEnd);
  rmSync(folder, { recursive: true });
});

/** Starts it with the pipe for its log, which nobody reads; resolves when it is at work. */
async function logging(lines: number): Promise<ChildProcess> {
  const writeEnd = openSync(pipe, constants.O_WRONLY);
  const flags = ['--import', 'tsx', '--input-type=module', '-e', programOf(lines)];
  const stdio = ['pipe', 'pipe', writeEnd] as const;
  const child = spawn(process.execPath, flags, { cwd: ROOT, stdio: [...stdio] });
  children.push(child);
  closeSync(writeEnd);
  await untilSaid(child, 'at work');
  return child;
}

async function untilSaid(child: ChildProcess, expected: string): Promise<void> {
  const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  expect(said.toString()).toBe(expected);
}

interface Line {
  readonly msg: string;
  readonly line?: number;
  readonly lost?: number;
}

/** Reads the log until this is in it once for each program, ends them, and reads the rest. */
async function readLog(awaited: string): Promise<readonly Line[]> {
  const isThere = () => log.split(awaited).length > children.length;
  let log = '';
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of reader.stdout) {
    const wasThere = isThere();
    log += String(chunk);
    if (!wasThere && isThere()) for (const child of children) child.stdin?.write('end');
  }
  return log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

it('goes on at work while nobody reads its log, and loses no line of some hundred', async () => {
  await logging(300);
  const lines = await readLog('"line":299,');
  expect(lines.slice(0, -1).map(({ line }) => line)).toEqual([...Array(300).keys()]);
  expect(lines.at(-1)?.msg).toBe('the last one');
});

it('says how many lines were lost when there were more', async () => {
  await logging(3000);
  const lines = await readLog(LOST);
  const kept = lines.filter(({ msg }) => msg === 'a line').length;
  const lost = lines.find(({ msg }) => msg === LOST);
  expect(kept + (lost?.lost ?? 0)).toBe(3000);
});

it('tears no line of several processes that share a pipe', async () => {
  await Promise.all([logging(300), logging(300)]);
  const lines = await readLog('"line":299,');
  expect(lines).toHaveLength(2 * 301);
});

it('ends when a reader that is late has its last lines', async () => {
  const child = await logging(300);
  child.stdin?.write('end');
  await untilSaid(child, 'ending');
  const lines = await readLog('the last one');
  expect(lines).toHaveLength(301);
  expect(lines.at(-1)?.msg).toBe('the last one');
});

it('ends though nobody has ever read it', async () => {
  const child = await logging(300);
  child.stdin?.write('end');
  expect(await once(child, 'exit')).toEqual([7, null]);
});
