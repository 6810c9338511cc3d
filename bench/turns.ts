import type { BenchmarkOptions } from './benchmark.ts';
import { type Fixture, startFixture } from './fixture/start-fixture.ts';
import { installPeers } from './install-peers.ts';
import { Load, type Note } from './load.ts';
import { canPin } from './processes/cores.ts';
import { Patience } from './processes/quiet.ts';
import { rotated } from './rotated.ts';
import type { Variant } from './variants.ts';

/** One variant's turn in one round. */
export interface Turn {
  readonly round: number;
  /** The variant's. */
  readonly name: string;
  readonly load: Load;
  readonly fixture: Fixture;
}

/** The variants, the number of rounds, and one variant's turn. */
export interface TurnsOptions extends BenchmarkOptions {
  readonly variants: readonly Variant[];
  /** The variant that always goes first. */
  readonly first?: string;
  readonly turn: (turn: Turn) => Promise<void>;
}

/**
 * Gives every variant its turn in every round, each with a fresh server over the same fixture; the order changes from
 * round to round. Peers that cannot be installed are left out, one that fails is left out of the round, and a note says
 * so.
 * @returns the caveats of the run
 * @throws Error if ours fails
 */
export async function inTurns(options: TurnsOptions): Promise<readonly string[]> {
  const notes = new Notes(options.report);
  const patience = new Patience(options.patienceSeconds);
  if (!canPin) notes.add('processes could not be kept on one core each');
  const hasPeers = await installPeers(options.report);
  const variants = options.variants.filter(({ isPeer }) => hasPeers || !isPeer);
  const fixture = await startFixture();
  try {
    for (let round = 0; round < options.rounds; round += 1)
      for (const variant of inOrder(variants, round, options.first)) {
        options.report(`round ${round + 1} of ${options.rounds}: ${variant.name}`);
        await takeTurn({ ...options, patience, fixture }, round, variant, notes);
      }
  } finally {
    await fixture.stop();
  }
  return notes.all();
}

async function takeTurn(
  {
    fixture,
    patience,
    turn,
    report,
  }: TurnsOptions & { readonly patience: Patience; readonly fixture: Fixture },
  round: number,
  variant: Variant,
  notes: Notes,
): Promise<void> {
  const { name } = variant;
  const note: Note = (remark, values) => notes.add(`${name}: ${remark}`, values);
  try {
    await Load.on({ variant, fixture, patience, note, report }, (load) =>
      turn({ round, name, load, fixture }),
    );
  } catch (cause) {
    if (!variant.isPeer) throw cause;
    note('failed and is left out of the round', String(cause).split('\n', 1)[0]);
  }
}

function inOrder(variants: readonly Variant[], round: number, first?: string): Variant[] {
  const begins = variants.filter(({ name }) => name === first);
  const others = variants.filter(({ name }) => name !== first);
  return [...begins, ...rotated(others, round)];
}

/** Remarks on a run: every one at once with its values, and once in the end with how often it was. */
class Notes {
  readonly #counts = new Map<string, number>();
  readonly #report: (line: string) => void;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  add(remark: string, values?: string): void {
    this.#counts.set(remark, (this.#counts.get(remark) ?? 0) + 1);
    this.#report(`  ${remark}${values === undefined ? '' : ` (${values})`}`);
  }

  all(): readonly string[] {
    return [...this.#counts].map(([remark, count]) =>
      count === 1 ? remark : `${remark}, ${count} times`,
    );
  }
}
