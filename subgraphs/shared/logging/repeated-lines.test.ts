import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from './logger.ts';

const lines: { readonly level: number; readonly msg: string; readonly repeated?: number }[] = [];
const logger = () =>
  createLogger(
    { unit: 'test', level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) },
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  lines.length = 0;
});

it('a log in an outage has ten lines of a kind in a minute, and how many more there were', () => {
  const log = logger();
  for (let n = 0; n < 500; n += 1) log.warn({ err: new Error(`away ${n}`) }, 'no connection');
  expect(lines).toHaveLength(10);
  vi.advanceTimersByTime(60_000);
  expect(lines.at(-1)).toMatchObject({ level: 40, msg: 'no connection', repeated: 490 });
  log.warn({ err: new Error('away still') }, 'no connection');
  expect(lines).toHaveLength(12);
  vi.advanceTimersByTime(120_000);
  expect(lines).toHaveLength(12);
});

it('a log keeps what is of another kind: another text, or an error made elsewhere', () => {
  const log = logger();
  const once = () => new Error('once');
  for (let n = 0; n < 50; n += 1) log.error({ err: once(), n }, 'a resolver failed');
  log.error({ n: 0 }, 'could not store a turn');
  log.error({ err: new TypeError('another') }, 'a resolver failed');
  expect(lines).toHaveLength(12);
});

it('a log has every line that somebody looks for', () => {
  const log = logger();
  for (let n = 0; n < 50; n += 1) log.info({ n }, 'feed reader changed');
  expect(lines).toHaveLength(50);
});
