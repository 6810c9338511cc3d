import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type {
  CandleImports,
  CandleRow,
  ImportCounts,
  ImportTarget,
} from '../domain/candle-imports.ts';
import { candleBatches, type CandleFile } from './candle-batches.ts';

/** How many batches are written at once, while the next one is read. */
const WRITERS = 3;

/** How far an import is. */
export interface ImportProgress {
  readonly rows: number;
  /** Of the file, 0 to 1. */
  readonly share: number;
}

/** What an import did. */
export interface ImportReport {
  readonly rows: number;
  /** Of an earlier import of the same file, which ended before its end. */
  readonly resumedAfter: number;
  readonly added: number;
  readonly changed: number;
  /** Candles of longer intervals that were made or changed. */
  readonly rolledUp: number;
}

/**
 * Brings the candles of a file into the store, batch by batch: one that was ended half way goes on
 * where it was, and importing a file again changes nothing.
 * @param again from the beginning, also where an earlier import came further
 * @throws Error naming the line that is no candle, not on the interval's grid, or out of order
 */
export async function importCandles(
  file: CandleFile,
  imports: CandleImports,
  options: { readonly again: boolean; readonly onProgress: (progress: ImportProgress) => void },
): Promise<ImportReport> {
  const target = { ...file, digest: await digestOf(file.path) };
  const resumedAfter = options.again ? 0 : await imports.progressOf(target);
  const span = { fromMs: Infinity, toMs: -Infinity };
  const writing = new OrderedWrites(target, imports);
  let rows = 0;
  for await (const batch of candleBatches(file)) {
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

/** Writes several batches at once, and notes as progress only what is whole from the beginning. */
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

  /** Waits until there is room. @throws what an earlier batch met */
  async add(rows: readonly CandleRow[], rowsDone: number): Promise<void> {
    const counts = this.#imports.write(this.#target, rows);
    // A failure is met where the batch is waited for.
    counts.catch(() => undefined);
    this.#waiting.push({ counts, rowsDone });
    if (this.#waiting.length >= WRITERS) await this.#finishFirst();
  }

  /** Waits for all of them. */
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
