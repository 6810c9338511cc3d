import type { Row } from './rows.ts';

/** How a benchmark is asked to run. */
export interface BenchmarkOptions {
  /** How often every variant takes its turn. */
  readonly rounds: number;
  /** How long, in all, it may wait for a quiet machine and repeat what was disturbed. */
  readonly patienceSeconds: number;
  /** Takes one line for people about what is happening now. */
  readonly report: (line: string) => void;
}

/** What a benchmark found. */
export interface Findings {
  readonly rows: readonly Row[];
  /** What a reader must know of this run: what was left out, what was at its limit. */
  readonly notes: readonly string[];
}

/** One benchmark: ours and its peers in one run. Each `<name>.bench.ts` exports one as `benchmark`. */
export interface Benchmark {
  /** What is measured, in one sentence. */
  readonly description: string;
  /** How many rounds without `--rounds`. */
  readonly rounds: number;
  /** Ends every process that it starts. @throws Error if ours cannot be measured */
  run(options: BenchmarkOptions): Promise<Findings>;
}
