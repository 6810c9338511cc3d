import { setPriority } from 'node:os';
import { answerParent } from '../processes/answer-parent.ts';
import { ATTACKS, type AttackName } from './attacks.ts';

/** The outcome of an attack. */
export interface Tally {
  readonly strikes: number;
  /** How often each outcome occurred: a status, or how else a connection ended. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Real attackers use other machines, so here their process yields to the desk's. */
const NICENESS = 5;

let ending = new AbortController();
let strikes = 0;
let answers: Record<string, number> = {};
let timers: readonly NodeJS.Timeout[] = [];

setPriority(NICENESS);
answerParent({
  begin: ({ port, names }: { port: number; names: readonly AttackName[] }) => {
    ending = new AbortController();
    strikes = 0;
    answers = {};
    const { signal } = ending;
    timers = names.map((name) => {
      const { everyMs, strike } = ATTACKS[name];
      const note = (what: string) => {
        const key = `${name} ${what}`;
        answers[key] = (answers[key] ?? 0) + 1;
      };
      return setInterval(() => {
        strikes += 1;
        strike({ port, signal, note });
      }, everyMs);
    });
  },
  end: (): Tally => {
    timers.forEach((timer) => clearInterval(timer));
    ending.abort();
    return { strikes, answers };
  },
});
