import { describe, expect, it } from 'vitest';
import {
  addedVersions,
  judge,
  passes,
  type PublishedTimes,
  sentenceOf,
  TAKEN_EARLY,
} from './package-ages.ts';
import { copiesIn } from './lockfile.ts';
import { readText } from '../style/test-sources.ts';

const NOW = Date.parse('2026-03-08T12:00:00Z');
const ONE = { name: '@scope/one', version: '1.2.3' };
const published = (at: string) => ({ '1.2.2': '2019-01-01T00:00:00Z', '1.2.3': at });

function lockfileOf(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ packages: { '': { name: 'ours' }, ...packages } });
}

describe('what a lockfile has and another had not', () => {
  const before = lockfileOf({
    'node_modules/kept': { version: '1.0.0' },
    'node_modules/moved': { version: '2.0.0' },
    'node_modules/raised': { version: '3.0.0' },
  });
  const now = lockfileOf({
    'node_modules/kept': { version: '1.0.0' },
    'node_modules/kept/node_modules/moved': { version: '2.0.0' },
    'node_modules/raised': { version: '3.0.1' },
    'node_modules/@scope/new': { version: '1.0.0-beta.1' },
    'node_modules/kept/node_modules/@scope/new': { version: '1.0.0-beta.1' },
    'node_modules/alias': { name: 'real', version: '4.0.0' },
  });

  it('is each new version once, by the name it has in the registry', () => {
    expect(addedVersions(now, before)).toEqual([
      { name: '@scope/new', version: '1.0.0-beta.1' },
      { name: 'raised', version: '3.0.1' },
      { name: 'real', version: '4.0.0' },
    ]);
  });

  it('is nothing if they are the same, and everything if there was none', () => {
    expect(addedVersions(now, now)).toEqual([]);
    expect(addedVersions(before, null).map(({ name }) => name)).toEqual([
      'kept',
      'moved',
      'raised',
    ]);
  });
});

describe('a version', () => {
  it.each([
    ['2026-03-01T12:00:00Z', 'old enough'],
    ['2026-03-01T12:00:00.001Z', 'too young'],
    ['2026-03-08T12:00:00Z', 'too young'],
    ['2026-03-09T12:00:00Z', 'too young'],
    ['2019-01-01T00:00:00.000000+00:00', 'old enough'],
    ['soon', 'not known'],
  ])('published at %s is %s', (publishedAt, kind) => {
    const verdict = judge(ONE, published(publishedAt), NOW);
    expect(verdict.kind).toBe(kind);
    expect(passes(verdict)).toBe(kind === 'old enough');
  });

  it('passes whatever its age where it is named with a reason, and no other version of it does', () => {
    const early = new Map([['@scope/one@1.2.3', 'It repairs a hole.']]);
    const times = { '1.2.3': '2026-03-08T00:00:00Z', '1.2.4': '2026-03-08T00:00:00Z' };
    const verdict = judge(ONE, times, NOW, early);
    expect(verdict).toEqual({ kind: 'taken early', reason: 'It repairs a hole.' });
    expect(passes(verdict)).toBe(true);
    const next = { ...ONE, version: '1.2.4' };
    expect(judge(next, times, NOW, early).kind).toBe('too young');
  });

  it('is told of in a line that says what to do', () => {
    const told = (times: PublishedTimes) => sentenceOf(ONE, judge(ONE, times, NOW));
    expect(told(published('2026-03-07T00:00:00Z'))).toBe(
      '@scope/one@1.2.3 is 1 day old, and has to be 7: take an older one, or wait',
    );
    expect(told(published('2026-02-06T12:00:00Z'))).toBe('@scope/one@1.2.3 is 30 days old');
    const unchecked = (why: string) =>
      `@scope/one@1.2.3 could not be checked: ${why}; look it up where its releases are told`;
    expect(told({})).toBe(unchecked('the registry does not tell when it was published'));
    expect(told(null)).toBe(unchecked('the registry could not be asked'));
  });
});

describe('the versions that were taken early', () => {
  it('are locked: an exception goes with what it was made for', () => {
    const locked = copiesIn(readText('package-lock.json'));
    const keys = new Set(locked.map(({ name, version }) => `${name}@${version}`));
    expect([...TAKEN_EARLY.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });
});
