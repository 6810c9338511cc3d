import type { BenchmarkOptions } from './benchmark.ts';
import type { Fixture } from './fixture/start-fixture.ts';
import { Load } from './load.ts';
import { canPin } from './processes/cores.ts';
import type { Variant } from './variants.ts';

/** One variant's turn in one round. */
export interface Turn {
  readonly round: number;
  /** The variant's. */
  readonly name: string;
  readonly load: Load;
}

/**
 * Gives every variant its turn in every round, each with a fresh server; who begins changes from
 * round to round. A peer that fails is left out of the round, and a note says so.
 * @returns what a reader must know of the run
 * @throws Error when ours fails
 */
export async function inTurns(
  options: BenchmarkOptions & {
    readonly variants: readonly Variant[];
    readonly fixture: Fixture;
    /** Who always begins. */
    readonly first?: string;
    readonly turn: (turn: Turn) => Promise<void>;
  },
): Promise<readonly string[]> {
  const notes = new Notes(options.report);
  if (!canPin) notes.add('processes could not be kept on one core each');
  for (let round = 0; round < options.rounds; round += 1) {
    for (const variant of inOrder(options.variants, round, options.first)) {
      options.report(`round ${round + 1} of ${options.rounds}: ${variant.name}`);
      const note = (line: string) => notes.add(line);
      try {
        await Load.on(variant, options.fixture, note, (load) =>
          options.turn({ round, name: variant.name, load }),
        );
      } catch (cause) {
        if (!variant.isPeer) throw cause;
        const [reason = ''] = String(cause).split('\n');
        notes.add(`${variant.name} failed in a round and is left out of it: ${reason}`);
      }
    }
  }
  return notes.all();
}

function inOrder(variants: readonly Variant[], round: number, first?: string): Variant[] {
  const begins = variants.filter(({ name }) => name === first);
  const others = variants.filter(({ name }) => name !== first);
  const shift = others.length === 0 ? 0 : round % others.length;
  return [...begins, ...others.slice(shift), ...others.slice(0, shift)];
}

/** Remarks on a run, equal ones once. */
class Notes {
  readonly #lines = new Set<string>();
  readonly #report: (line: string) => void;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  add(line: string): void {
    this.#lines.add(line);
    this.#report(`  ${line}`);
  }

  all(): readonly string[] {
    return [...this.#lines];
  }
}
