import path from 'node:path';
import { systemClock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import type { CandleFile } from '../../subgraphs/market-data/import/candle-batches.ts';
import {
  INTERVAL_CHOICES,
  intervalInName,
  intervalNamed,
  symbolInName,
} from '../../subgraphs/market-data/import/file-name.ts';
import {
  importCandles,
  type ImportReport,
} from '../../subgraphs/market-data/import/import-candles.ts';
import {
  type MarketDataStores,
  openMarketDataStores,
} from '../../subgraphs/market-data/store/open-market-data-stores.ts';
import { ProgressBar } from '../progress-bar.ts';

const MS_PER_SECOND = 1000;
/** Adding up a million candles takes seconds. */
const STATEMENT_TIMEOUT_MS = 600_000;

/** Options from the command line, for all files. */
export interface CandleChoices {
  readonly symbol?: string | undefined;
  readonly interval?: string | undefined;
  readonly again: boolean;
}

/**
 * Imports candles from files into the market-data store, and adds up those of longer intervals. An
 * interrupted import resumes when it is run again; importing a file twice changes nothing. Instrument
 * and interval come from the options or the file's name.
 * @throws Error with one sentence if neither gives them, or a file is malformed
 */
export async function importCandleFiles(
  files: readonly string[],
  databaseUrl: string,
  choices: CandleChoices,
): Promise<void> {
  const store = openMarketDataStores({
    databaseUrl,
    onConnectionError: () => undefined,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    await readAtStart('market-data', () => store.requireVersion());
    const { instruments } = await store.loadCatalog();
    const symbols = [...instruments.values()].map(({ symbol }) => symbol);
    for (const file of files) await importFile(candleFile(file, symbols, choices), store, choices);
  } finally {
    await store.close();
  }
}

async function importFile(
  file: CandleFile,
  store: MarketDataStores,
  { again }: CandleChoices,
): Promise<void> {
  const bar = new ProgressBar(path.basename(file.path), process.stderr);
  const startedAtMs = performance.now();
  const report = await importCandles(file, store.imports, {
    again,
    clock: systemClock,
    onProgress: ({ rows, share }) => bar.show(share, `${rows} candles`),
  }).finally(() => bar.end());
  const seconds = (performance.now() - startedAtMs) / MS_PER_SECOND;
  process.stdout.write(`${sentenceOf(file, report, seconds)}\n`);
}

function sentenceOf({ path: file, symbol, interval }: CandleFile, report: ImportReport, s: number) {
  const { rows, resumedAfter, added, changed, rolledUp } = report;
  const same = rows - resumedAfter - added - changed;
  const resumed = resumedAfter === 0 ? '' : `, ${resumedAfter} of them by an earlier import`;
  return (
    `${file}: ${rows} candles of ${symbol}, ${interval}${resumed}; ${added} new, ${changed} changed, ` +
    `${same} as they were; ${rolledUp} of longer intervals; ${s.toFixed(1)} s, ${Math.round(rows / s)} a second`
  );
}

function candleFile(
  file: string,
  symbols: readonly InstrumentSymbol[],
  { symbol: name, interval: length }: CandleChoices,
): CandleFile {
  const symbol =
    name === undefined ? symbolInName(file, symbols) : symbols.find((known) => known === name);
  if (symbol === undefined || symbol === null)
    throw new Error(
      `Of which instrument are the candles in ${file}? Say --symbol, one of ${symbols.join(', ')}.`,
    );
  const interval = length === undefined ? intervalInName(file) : intervalNamed(length);
  if (interval === null)
    throw new Error(
      `How long are the candles in ${file}? Say --interval, one of ${INTERVAL_CHOICES}.`,
    );
  return { path: file, symbol, interval };
}
