import { continueArrival } from './execute-accepted.ts';
import { settleDeadlines } from './settle-deadlines.ts';
import { settleHalts } from './safety/settle-halts.ts';
import { settleTriggers, type UnsettledTriggers } from './triggers/settle-triggers.ts';
import { settleRfqs } from './rfq/settle-rfqs.ts';
import type { Turn } from './turn.ts';

/**
 * @returns whether it is done; otherwise it continues in the next turn, and nothing else comes
 *   between
 */
export type Command = (turn: Turn) => boolean;

/** What a turn has begun and leaves to the next. */
export interface LeftWork {
  /** The quotes whose triggers continue; null if none do. */
  readonly triggers: UnsettledTriggers | null;
  /** Whether the first of the commands has begun. */
  readonly isBegun: boolean;
}

/** Nothing is left. */
export const NOTHING_LEFT: LeftWork = { triggers: null, isBegun: false };

/** The outcome of a turn. */
export interface TurnOutcome {
  /** How many of the commands are done, the first ones. */
  readonly finished: number;
  readonly left: LeftWork;
}

/**
 * The work of one turn in its order: what is due by the clock, what a halt ends, what was begun
 * before, and only then commands, as many as the turn has room for. Only one thing is ever left
 * unfinished, because everything after it waits.
 */
export function runTurn(turn: Turn, commands: readonly Command[], left: LeftWork): TurnOutcome {
  if (!settleDeadlines(turn)) return { finished: 0, left };
  // A command that has begun may be the one that ends them, and reports which. An order on its way
  // through the book ends too: one that was left out of the books does not know of a later halt.
  if (!left.isBegun && !settleHalts(turn)) return { finished: 0, left };
  if (!continueArrival(turn)) return { finished: 0, left };
  if (left.triggers !== null) {
    const triggers = settleTriggers(turn, left.triggers);
    return { finished: 0, left: { ...left, triggers } };
  }
  if (left.isBegun && turn.isFull) return { finished: 0, left };
  if (!left.isBegun) settleRfqs(turn);
  const ran = runSome(turn, left.isBegun ? commands.slice(0, 1) : commands);
  if (ran.left.isBegun || turn.state.arriving !== undefined) return ran;
  return {
    finished: ran.finished,
    left: { isBegun: false, triggers: settleTriggers(turn) },
  };
}

function runSome(turn: Turn, commands: readonly Command[]): TurnOutcome {
  let finished = 0;
  for (const command of commands) {
    if (turn.isFull || turn.state.arriving !== undefined) break;
    // An order named earlier has nothing to do with what follows.
    turn.suspect();
    if (!command(turn)) return { finished, left: { ...NOTHING_LEFT, isBegun: true } };
    finished += 1;
  }
  return { finished, left: NOTHING_LEFT };
}
