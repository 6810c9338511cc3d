import { parseArgs } from 'node:util';
import { runCommand } from '#shared/command/run-command.ts';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { isVenue, type Venue, VENUES, venueSymbols } from './domain/catalog/catalog.ts';
import { type Pair, parsePair } from './domain/catalog/pair.ts';
import { readVenueEnvironment } from './environment.ts';
import { FrameRecorder } from './feed/recording/frame-recorder.ts';
import { LiveFeed } from './feed/live/live-feed.ts';
import { venueProtocol } from './feed/live/venue-protocols.ts';

const USAGE = `Usage: npm run record -- --out <folder> [--feed ${VENUES.join(',')}] [--symbols BTC-USDT,ETH-USDT] [--seconds N]`;
const REPORT_EVERY_MS = 5000;

/**
 * `npm run record -- --out <folder>`: writes every frame that venues send, as received, until it is
 * stopped. `FEED=replay:<folder>` plays it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      feed: { type: 'string', default: 'binance' },
      symbols: { type: 'string', default: 'BTC-USDT,ETH-USDT' },
      seconds: { type: 'string' },
    },
  });
  const venues = values.feed.split(',').filter(isVenue);
  if (values.out === undefined || venues.length !== values.feed.split(',').length)
    throw new Error(USAGE);
  const pairs = values.symbols.split(',').map(pairOf);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const seconds = Number.parseFloat(values.seconds ?? 'Infinity');
  if (Number.isFinite(seconds)) setTimeout(() => stopping.abort(), seconds * 1000).unref();
  const { VENUE_ORIGINS: origins = {} } = readVenueEnvironment();
  const out = values.out;
  await Promise.all(
    venues.map((venue) => record(venue, pairs, { out, origin: origins[venue], stopping })),
  );
}

async function record(
  venue: Venue,
  pairs: readonly Pair[],
  options: {
    readonly out: string;
    readonly origin: string | undefined;
    readonly stopping: AbortController;
  },
): Promise<void> {
  const protocol = venueProtocol(venue, options.origin);
  const symbols = venueSymbols(venue, pairs);
  const { mostInstruments } = protocol;
  if (symbols.size > mostInstruments)
    throw new Error(`Of ${venue} at most ${mostInstruments} symbols can be recorded at once.`);
  const recorder = new FrameRecorder(options.out, venue, systemClock.now(), () =>
    options.stopping.abort(),
  );
  const feed = new LiveFeed({
    protocol,
    symbols,
    clock: systemClock,
    logger: createLogger({ unit: 'record', level: 'warn' }),
    tap: recorder,
  });
  const report = () => process.stderr.write(`${recorder.path}: ${recorder.frames} frames\n`);
  const reporting = setInterval(report, REPORT_EVERY_MS);
  // Messages are decoded as their events are taken: a lost book is requested again, and so recorded whole.
  for await (const events of feed.events(options.stopping.signal)) Array.from(events);
  clearInterval(reporting);
  await recorder.end();
  report();
}

function pairOf(text: string): Pair {
  const pair = parsePair(text);
  if (pair === null) throw new Error(`${JSON.stringify(text)} is not a symbol. ${USAGE}`);
  return pair;
}

runCommand(main);
