import type { Command } from './workload.ts';

/** A matching engine as the benchmark drives it. */
export interface MatchingEngine<Prepared = unknown> {
  /** Puts a command into the engine's own words, before anything is timed. */
  prepare(command: Command): Prepared;
  /** Does it. @returns what a TAKE traded, else 0 */
  run(prepared: Prepared): number;
}
