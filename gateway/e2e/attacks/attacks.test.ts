// The table itself: it is complete, and names files and tests that exist.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALL_ATTACKS } from './all-attacks.ts';
import type { Attack } from './attack.ts';
import { judge } from './judge.ts';

const ROOT = new URL('../../../', import.meta.url);
const THIS_FILE = 'gateway/e2e/attacks/attacks.test.ts';
const tries = ALL_ATTACKS.flatMap((attack) => attack.tries.map((one) => ({ ...one, attack })));

/** Whether each title of a proof is in its file, as a text that can have places for values. */
function isWritten(proof: string): boolean {
  const [file = '', ...titles] = proof.split(' > ');
  const source = readFileSync(new URL(file, ROOT), 'utf8');
  const texts = [...source.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g)].map(([, , text = '']) =>
    text.replace(/\\(.)/g, '$1').split(VALUE),
  );
  return titles.every((title) =>
    texts.some((parts) => parts.some((part) => part.trim() !== '') && fits(title, parts)),
  );
}

/** A place where `it.each` or a template puts a value. */
const VALUE = /%[a-z]|\$\{[^}]*\}|\$[a-z]\w*/;

function fits(title: string, parts: readonly string[]): boolean {
  if (title.endsWith('*')) {
    const begin = title.slice(0, -1);
    const known = parts[0] ?? '';
    return known.startsWith(begin) || (parts.length > 1 && begin.startsWith(known));
  }
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`).test(title);
}

describe('the table of attacks', () => {
  it('has each of its 44 rows once, with at least one try', () => {
    const rows = Array.from({ length: 44 }, (_, index) => `S${index + 1}`);
    expect(ALL_ATTACKS.map(({ row }) => row)).toEqual(rows);
    expect(ALL_ATTACKS.filter((attack) => attack.tries.length === 0)).toEqual([]);
  });

  it('names files that exist', () => {
    const files = tries.flatMap(({ proofs }) => proofs.map((proof) => proof.split(' > ')[0] ?? ''));
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });

  it('names tests that exist', () => {
    const proofs = tries.flatMap((one) => one.proofs);
    expect(proofs.filter((proof) => !isWritten(proof))).toEqual([]);
    expect(isWritten(`${THIS_FILE} > the table of attacks > names tests that exist`)).toBe(true);
    expect(isWritten(`${THIS_FILE} > the table of attacks > names tests that do not`)).toBe(false);
  });

  it('has no gap: each try has a test', () => {
    const gaps = tries.filter(({ proofs }) => proofs.length === 0);
    expect(gaps.map(({ attack, tried }) => `${attack.row} ${tried}`)).toEqual([]);
  });
});

describe('a row', () => {
  const FILE = 'a.test.ts';
  const row = (...proofs: readonly (readonly string[])[]): Attack => ({
    row: 'S1',
    name: 'one',
    tries: proofs.map((each) => ({ tried: 'it', answer: '400', proofs: each })),
  });
  const run = (title: string, status = 'passed') => ({
    name: `${FILE} > ${title}`,
    status,
    failure: '',
  });
  const proof = (title: string) => `${FILE} > ${title}`;

  it.each([
    ['whose tests pass is held', row([proof('x')]), [run('x')], 'held'],
    ['whose tests all pass is held', row([proof('x *')]), [run('x 1'), run('x 2')], 'held'],
    ['without a test is missing', row([]), [run('x')], 'missing'],
    ['with a gap is held in part', row([proof('x')], []), [run('x')], 'held in part'],
    [
      'with one failure is broken',
      row([proof('x *')]),
      [run('x 1'), run('x 2', 'failed')],
      'broken',
    ],
    ['whose test was skipped is broken', row([proof('x')]), [run('x', 'skipped')], 'broken'],
    ['whose test does not exist is broken', row([proof('x')]), [run('x 1')], 'broken'],
    [
      'one of whose tests does not exist is broken',
      row([proof('x'), proof('y')]),
      [run('x')],
      'broken',
    ],
    [
      'that is broken and has a gap is broken',
      row([proof('x')], []),
      [run('x', 'failed')],
      'broken',
    ],
  ])('%s', (_name, attack, runs, state) => {
    expect(judge(attack, runs).state).toBe(state);
  });
});
