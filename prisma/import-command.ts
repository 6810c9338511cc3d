import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { isVenue, VENUES } from '../subgraphs/market-data/domain/catalog/catalog.ts';
import { readVenueEnvironment } from '../subgraphs/market-data/environment.ts';
import { venueProtocol } from '../subgraphs/market-data/feed/live/venue-protocols.ts';
import { INTERVAL_CHOICES } from '../subgraphs/market-data/import/file-name.ts';
import { importCandleFiles } from './import/import-candle-files.ts';
import { importListedInstruments } from './import/import-listed-instruments.ts';
import { readStoreUrls } from './store-urls.ts';

const USAGE = `Usage:
  npm run import -- candles <file…> [--symbol BASE-QUOTE] [--interval ${INTERVAL_CHOICES}] [--state .data] [--again]
  npm run import -- instruments <BASE-QUOTE…> --venue ${VENUES.join('|')} [--house ASSET=AMOUNT] [--state .data]`;

/**
 * `npm run import -- candles <file…>` and `npm run import -- instruments <BASE-QUOTE…>`: imports
 * outside data into the stores.
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
    const urls = await readStoreUrls(['market-data'], values.state);
    await importCandleFiles(names, urls['market-data'], values);
  } else if (kind === 'instruments' && names.length > 0 && isVenue(venue)) {
    const urls = await readStoreUrls(['market-data', 'account'], values.state);
    const protocol = venueProtocol(venue, readVenueEnvironment().VENUE_ORIGINS?.[venue]);
    const { added, known } = await importListedInstruments(names, urls, { protocol, inventory });
    process.stdout.write(`New: ${listOf(added)}. Known before: ${listOf(known)}.\n`);
    if (added.length > 0) process.stdout.write('They trade once market-data is restarted.\n');
  } else throw new Error(USAGE);
}

function listOf(symbols: readonly string[]): string {
  return symbols.length === 0 ? 'none' : symbols.join(', ');
}

runCommand(main);
