import type { Attack, Try } from './attack.ts';

/** One test as it was run. */
export interface TestRun {
  /** `file > describe > title`. */
  readonly name: string;
  /** As Vitest says it; whatever is not `passed` proves nothing. */
  readonly status: string;
  /** Its first line, where it failed. */
  readonly failure: string;
}

/** What came of one try. */
interface TryVerdict extends Try {
  readonly state: 'held' | 'broken' | 'missing';
  /** How many tests prove it. */
  readonly count: number;
  /** What came back; why it is not proven, if it is not. */
  readonly cameBack: string;
}

/** What came of a row: held only if all that is tried is. */
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
    return { ...one, state: 'missing', count: 0, cameBack: `no test; ought to: ${one.answer}` };
  const found = one.proofs.map((proof) => ({ proof, tests: runs.filter(isMeantBy(proof)) }));
  const absent = found.find(({ tests }) => tests.length === 0);
  const tests = found.flatMap((each) => each.tests);
  const bad = tests.find(({ status }) => status !== 'passed');
  const broken = { ...one, state: 'broken', count: tests.length } as const;
  if (absent !== undefined) return { ...broken, cameBack: `there is no test ${absent.proof}` };
  if (bad !== undefined)
    return { ...broken, cameBack: `${bad.status}: ${bad.name} ${bad.failure}`.trim() };
  return { ...one, state: 'held', count: tests.length, cameBack: one.answer };
}

function isMeantBy(proof: string): (run: TestRun) => boolean {
  if (proof.endsWith('*')) return ({ name }) => name.startsWith(proof.slice(0, -1));
  return ({ name }) => name === proof;
}
