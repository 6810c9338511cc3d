import type { Attack, Try } from './attack.ts';

/** One test as it was run. */
export interface TestRun {
  /** `file > describe > title`. */
  readonly name: string;
  /** Vitest's word; anything but `passed` proves nothing. */
  readonly status: string;
  /** The first line of its failure; empty if it passed. */
  readonly failure: string;
}

/** The result of one try. */
interface TryVerdict extends Try {
  readonly state: 'held' | 'broken' | 'missing';
  /** How many tests prove it. */
  readonly count: number;
  /** The answer, or why it is not proven. */
  readonly cameBack: string;
}

/** The result of a row, which is held only if each of its tries is. */
export interface RowVerdict {
  readonly attack: Attack;
  readonly state: 'held' | 'broken' | 'missing' | 'held in part';
  readonly tries: readonly TryVerdict[];
}

/** Judges a row by the tests that were run. */
export function judge(attack: Attack, runs: readonly TestRun[]): RowVerdict {
  const tries = attack.tries.map((one) => judgeTry(one, runs));
  const states = new Set(tries.map(({ state }) => state));
  if (states.has('broken')) return { attack, tries, state: 'broken' };
  if (!states.has('held')) return { attack, tries, state: 'missing' };
  return { attack, tries, state: states.has('missing') ? 'held in part' : 'held' };
}

function judgeTry(one: Try, runs: readonly TestRun[]): TryVerdict {
  if (one.proofs.length === 0)
    return {
      ...one,
      state: 'missing',
      count: 0,
      cameBack: `no test; the answer should be: ${one.answer}`,
    };
  const found = one.proofs.map((proof) => ({ proof, tests: runs.filter(isMeantBy(proof)) }));
  const absent = found.find(({ tests }) => tests.length === 0);
  const tests = found.flatMap((each) => each.tests);
  const bad = tests.find(({ status }) => status !== 'passed');
  const broken = { ...one, state: 'broken', count: tests.length } as const;
  if (absent !== undefined) return { ...broken, cameBack: `no such test: ${absent.proof}` };
  if (bad !== undefined)
    return { ...broken, cameBack: `${bad.status}: ${bad.name} ${bad.failure}`.trim() };
  return { ...one, state: 'held', count: tests.length, cameBack: one.answer };
}

function isMeantBy(proof: string): (run: TestRun) => boolean {
  if (proof.endsWith('*')) return ({ name }) => name.startsWith(proof.slice(0, -1));
  return ({ name }) => name === proof;
}
