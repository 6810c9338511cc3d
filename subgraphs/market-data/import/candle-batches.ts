import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { messageOf } from '#shared/domain/message-of.ts';
import { type CandleInterval, openTimeOf } from '../domain/candles/candle.ts';
import type { CandleRow } from '../domain/candles/candle-imports.ts';
import { candleRowReader } from './candle-row.ts';

/** Rows per batch; whole minutes only, so that rolling up seconds sees all of a minute or nothing. */
const BATCH_ROWS = 5000;

/** A file, and the instrument and interval of its candles. */
export interface CandleFile {
  readonly path: string;
  readonly symbol: InstrumentSymbol;
  readonly interval: CandleInterval;
}

/** Some candles of a file, and the share of the file that was read, 0 to 1. */
interface CandleBatch {
  readonly rows: readonly CandleRow[];
  readonly share: number;
}

/**
 * The candles of a file in batches; decompresses a `.gz` file.
 * @throws Error naming the line that is not a candle, not on the interval's grid, in the future, or out of
 *   order
 */
export async function* candleBatches(
  { path, interval }: CandleFile,
  clock: Clock,
): AsyncGenerator<CandleBatch> {
  const { size } = await stat(path);
  const bytes = createReadStream(path);
  // The reader below receives a failure of either end; the pipeline only closes both.
  const text = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  const read = candleRowReader();
  let rows: CandleRow[] = [];
  let line = 0;
  let lastMs = -Infinity;
  for await (const lines of linesOf(text))
    for (const content of lines) {
      line += 1;
      const row = rowAt(`${path}:${line}`, () => read(content));
      if (row === null) continue;
      if (openTimeOf(interval, row.openTimeMs) !== row.openTimeMs)
        throw new Error(`${path}:${line}: no candle of ${interval} opens at this time.`);
      // It would count as the newest: those that form would begin again, and all seconds before it go.
      if (row.openTimeMs > clock.now())
        throw new Error(`${path}:${line}: a candle cannot open in the future.`);
      if (row.openTimeMs <= lastMs)
        throw new Error(`${path}:${line}: the line before is not older.`);
      if (rows.length >= BATCH_ROWS && minuteOf(row.openTimeMs) !== minuteOf(lastMs)) {
        yield { rows, share: bytes.bytesRead / size };
        rows = [];
      }
      lastMs = row.openTimeMs;
      rows.push(row);
    }
  if (rows.length > 0) yield { rows, share: 1 };
}

function minuteOf(atMs: number): number {
  return openTimeOf('ONE_MINUTE', atMs);
}

async function* linesOf(text: Readable): AsyncGenerator<readonly string[]> {
  let rest = '';
  text.setEncoding('utf8');
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest];
}

function rowAt(place: string, read: () => CandleRow | null): CandleRow | null {
  try {
    return read();
  } catch (cause) {
    const reason = messageOf(cause);
    throw new Error(`${place}: ${reason}.`, { cause });
  }
}
