import type { Row } from './rows.ts';

/** The options of a benchmark run. */
export interface BenchmarkOptions {
  /** How many turns every variant takes. */
  readonly rounds: number;
  /** The total time for waiting for a quiet machine and repeating disturbed measurements. */
  readonly patienceSeconds: number;
  /** What each commit takes longer, in milliseconds, as on a disk that is slower than this one. */
  readonly commitMs: number;
  /** Receives one line of progress for people. */
  readonly report: (line: string) => void;
}

/** The result of a benchmark. */
export interface Findings {
  readonly rows: readonly Row[];
  /** Caveats of this run: what was left out, what was at its limit. */
  readonly notes: readonly string[];
}

/** One benchmark: ours and its peers in one run. Each `<name>.bench.ts` exports one as `benchmark`. */
export interface Benchmark {
  /** What the benchmark measures, in one sentence. */
  readonly description: string;
  /** The number of rounds without `--rounds`. */
  readonly rounds: number;
  /** Whether it heeds {@link BenchmarkOptions.commitMs}. */
  readonly hasCommits?: true;
  /** Ends every process that it starts. @throws Error if ours cannot be measured */
  run(options: BenchmarkOptions): Promise<Findings>;
}
