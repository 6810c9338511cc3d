import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { type Catalog, type Venue, venueSymbols } from '../domain/catalog.ts';
import type { FeedSettings } from './feed-settings.ts';
import { binanceProtocol } from './live/binance-protocol.ts';
import { coinbaseProtocol } from './live/coinbase-protocol.ts';
import { krakenProtocol } from './live/kraken-protocol.ts';
import { LiveFeed } from './live/live-feed.ts';
import type { VenueProtocol } from './live/venue-protocol.ts';
import type { MarketFeed } from './market-feed.ts';
import { Recording } from './recording.ts';
import { ReplayFeed } from './replay-feed.ts';
import { SimFeed } from './sim-feed.ts';

const REPLAY = 'replay:';
const PROTOCOLS: Readonly<Record<Venue, () => VenueProtocol>> = {
  binance: binanceProtocol,
  kraken: krakenProtocol,
  coinbase: coinbaseProtocol,
};

/**
 * The feed that the settings name.
 * @throws Error in one clear sentence when there is no such feed, or its recordings cannot be read
 */
export async function openFeed(
  settings: FeedSettings,
  { catalog, clock, logger }: { catalog: Catalog; clock: Clock; logger: Logger },
): Promise<MarketFeed> {
  const instruments = [...catalog.instruments.values()];
  const { source, speed, seed, loop } = settings;
  if (source === 'sim') return new SimFeed({ instruments, seed, speed, clock });
  if (isVenue(source))
    return new LiveFeed({
      protocol: PROTOCOLS[source](),
      symbols: venueSymbols(source, instruments),
      logger,
    });
  if (!source.startsWith(REPLAY))
    throw new Error(
      `There is no feed ${JSON.stringify(source)}: say sim, ${Object.keys(PROTOCOLS).join(', ')} or replay:<folder>.`,
    );
  return new ReplayFeed({
    recording: await Recording.open(source.slice(REPLAY.length)),
    symbols: venueSymbols('binance', instruments),
    speed,
    loop,
    clock,
    onMalformed: (error) => logger.warn({ err: error }, 'a recorded frame was left out'),
  });
}

function isVenue(source: string): source is Venue {
  return Object.hasOwn(PROTOCOLS, source);
}
