import path from 'node:path';
import { parseArgs } from 'node:util';
import { EnvironmentError } from '#shared/environment/read-environment.ts';
import { isVenue, VENUES } from '../subgraphs/market-data/domain/catalog.ts';
import { readVenueEnvironment } from '../subgraphs/market-data/environment.ts';
import { venueProtocol } from '../subgraphs/market-data/feed/live/venue-protocols.ts';
import { INTERVAL_CHOICES } from '../subgraphs/market-data/import/file-name.ts';
import { readRunningUrls } from './embedded/running-urls.ts';
import { importCandleFiles } from './import/import-candle-files.ts';
import { importListedInstruments } from './import/import-listed-instruments.ts';
import { readMigrateEnvironment } from './migrate-environment.ts';
import type { StoreName } from './store-name.ts';

const USAGE = `Usage:
  npm run import -- candles <file…> [--symbol BASE-QUOTE] [--interval ${INTERVAL_CHOICES}] [--state .data] [--again]
  npm run import -- instruments <BASE-QUOTE…> --venue ${VENUES.join('|')} [--house ASSET=AMOUNT] [--state .data]`;

/**
 * `npm run import -- candles <file…>` and `npm run import -- instruments <BASE-QUOTE…>`: imports
 * outside data into the stores. `--state` names the folder of a desk that runs in one process; without
 * it, the environment variables name the stores.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      symbol: { type: 'string' },
      interval: { type: 'string' },
      state: { type: 'string' },
      again: { type: 'boolean', default: false },
      venue: { type: 'string', default: '' },
      house: { type: 'string', multiple: true, default: [] },
    },
    allowPositionals: true,
  });
  const [kind, ...names] = positionals;
  const { venue, house: inventory } = values;
  if (kind === 'candles' && names.length > 0) {
    const [databaseUrl] = await databaseUrls(['market-data'], values.state);
    await importCandleFiles(names, databaseUrl, values);
  } else if (kind === 'instruments' && names.length > 0 && isVenue(venue)) {
    const [marketData, account] = await databaseUrls(['market-data', 'account'], values.state);
    const protocol = venueProtocol(venue, readVenueEnvironment().VENUE_ORIGINS?.[venue]);
    const urls = { 'market-data': marketData, account };
    const { added, known } = await importListedInstruments(names, urls, { protocol, inventory });
    process.stdout.write(`New: ${listOf(added)}. Known before: ${listOf(known)}.\n`);
    if (added.length > 0) process.stdout.write('They trade once market-data is restarted.\n');
  } else throw new Error(USAGE);
}

/** The URL of each of these stores. */
async function databaseUrls<const Names extends readonly StoreName[]>(
  names: Names,
  stateDirectory: string | undefined,
): Promise<{ readonly [Index in keyof Names]: string }> {
  const urls =
    stateDirectory === undefined
      ? Object.fromEntries(readMigrateEnvironment(names))
      : await readRunningUrls(path.join(stateDirectory, 'postgres'));
  return names.map((name) => urls[name] ?? '') as { [Index in keyof Names]: string };
}

main().catch((cause: unknown) => {
  const problems = cause instanceof EnvironmentError ? cause.problems : [messageOf(cause)];
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
});

function listOf(symbols: readonly string[]): string {
  return symbols.length === 0 ? 'none' : symbols.join(', ');
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
