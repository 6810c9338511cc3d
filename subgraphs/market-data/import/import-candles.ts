import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Clock } from '#shared/domain/clock.ts';
import type {
  CandleImports,
  CandleRow,
  ImportCounts,
  ImportTarget,
} from '../domain/candles/candle-imports.ts';
import { candleBatches, type CandleFile } from './candle-batches.ts';

/** How many batches are written concurrently while the next one is read. */
const WRITERS = 3;

/** The progress of an import. */
export interface ImportProgress {
  readonly rows: number;
  /** The share of the file that was read, 0 to 1. */
  readonly share: number;
}

/** How to import a file. */
export interface ImportOptions {
  /** Starts from the beginning even if an earlier import got further. */
  readonly again: boolean;
  readonly clock: Clock;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** The result of an import. */
export interface ImportReport {
  readonly rows: number;
  /** Rows that an earlier, interrupted import of the same file had already written. */
  readonly resumedAfter: number;
  readonly added: number;
  readonly changed: number;
  /** Candles of longer intervals that were created or changed. */
  readonly rolledUp: number;
}

/**
 * Imports the candles of a file into the store in batches. An interrupted import resumes where it
 * stopped, and importing a file again changes nothing.
 * @throws Error naming the line that is not a candle, not on the interval's grid, in the future, or out of
 *   order
 */
export async function importCandles(
  file: CandleFile,
  imports: CandleImports,
  options: ImportOptions,
): Promise<ImportReport> {
  const target = { ...file, digest: await digestOf(file.path) };
  const resumedAfter = options.again ? 0 : await imports.progressOf(target);
  const span = { fromMs: Infinity, toMs: -Infinity };
  const writing = new OrderedWrites(target, imports);
  let rows = 0;
  for await (const batch of candleBatches(file, options.clock)) {
    const before = rows;
    rows += batch.rows.length;
    span.fromMs = Math.min(span.fromMs, batch.rows[0]?.openTimeMs ?? Infinity);
    span.toMs = Math.max(span.toMs, batch.rows.at(-1)?.openTimeMs ?? -Infinity);
    const missing = batch.rows.slice(Math.max(0, resumedAfter - before));
    if (rows > resumedAfter) await writing.add(missing, rows);
    options.onProgress({ rows, share: batch.share });
  }
  const { added, changed } = await writing.end();
  const rolledUp = rows === 0 ? 0 : await finish(imports, target, span);
  return { rows, resumedAfter: Math.min(resumedAfter, rows), added, changed, rolledUp };
}

/** Writes several batches concurrently; counts as progress only the unbroken part from the beginning. */
class OrderedWrites {
  readonly #target: ImportTarget;
  readonly #imports: CandleImports;
  #waiting: { readonly counts: Promise<ImportCounts>; readonly rowsDone: number }[] = [];
  #added = 0;
  #changed = 0;

  constructor(target: ImportTarget, imports: CandleImports) {
    this.#target = target;
    this.#imports = imports;
  }

  /** Waits until there is room. @throws the error of an earlier batch */
  async add(rows: readonly CandleRow[], rowsDone: number): Promise<void> {
    const counts = this.#imports.write(this.#target, rows);
    // The failure is thrown where the batch is awaited.
    counts.catch(() => undefined);
    this.#waiting.push({ counts, rowsDone });
    if (this.#waiting.length >= WRITERS) await this.#finishFirst();
  }

  /** Waits for all batches. @throws the error of one of them */
  async end(): Promise<ImportCounts> {
    while (this.#waiting.length > 0) await this.#finishFirst();
    return { added: this.#added, changed: this.#changed };
  }

  async #finishFirst(): Promise<void> {
    const first = this.#waiting.shift();
    if (first === undefined) return;
    const { added, changed } = await first.counts;
    this.#added += added;
    this.#changed += changed;
    await this.#imports.noteProgress(this.#target, first.rowsDone);
  }
}

async function finish(
  imports: CandleImports,
  target: ImportTarget,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  await imports.markGaps(target, fromMs, toMs);
  const { added, changed } = await imports.rollUp(target, fromMs, toMs);
  return added + changed;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
