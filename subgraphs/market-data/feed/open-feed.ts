import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { isVenue, type Venue, VENUES, venueSymbols } from '../domain/catalog.ts';
import type { FeedSettings } from './feed-settings.ts';
import { binanceProtocol } from './live/binance-protocol.ts';
import { coinbaseProtocol } from './live/coinbase-protocol.ts';
import { fetchListings, type Listings } from './live/fetch-listings.ts';
import { krakenProtocol } from './live/kraken-protocol.ts';
import { LiveFeed } from './live/live-feed.ts';
import { addressAt, type VenueAddress } from './live/venue-addresses.ts';
import type { VenueProtocol } from './live/venue-protocol.ts';
import type { MarketFeed } from './market-feed.ts';
import { Recording } from './recording.ts';
import { ReplayFeed } from './replay-feed.ts';
import { SimFeed } from './sim-feed.ts';

const REPLAY = 'replay:';
/** A venue that does not tell its instruments in time is asked again later. */
const LISTINGS_MS = 3000;
const PROTOCOLS: Readonly<Record<Venue, (address?: VenueAddress) => VenueProtocol>> = {
  binance: binanceProtocol,
  kraken: (address) => krakenProtocol(address),
  coinbase: coinbaseProtocol,
};

/** A feed and what it brings prices of. */
export interface OpenFeed {
  readonly feed: MarketFeed;
  readonly instruments: readonly Instrument[];
  /** How to read the venue's list of instruments, and what it said; null where there is no venue. */
  readonly listed: { readonly protocol: VenueProtocol; readonly listings: Listings | null } | null;
}

/** What feeds are opened with. */
interface FeedParts {
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The feeds that the settings name, in their order: `sim`, `replay:<folder>`, or any venues.
 * @throws Error in one clear sentence when there is no such feed, or its recordings cannot be read
 */
export async function openFeeds(
  settings: FeedSettings,
  parts: FeedParts,
): Promise<readonly OpenFeed[]> {
  const { source } = settings;
  const alone = { instruments: parts.instruments, listed: null };
  if (source === 'sim') return [{ ...alone, feed: simFeed(settings, parts) }];
  if (source.startsWith(REPLAY)) return [{ ...alone, feed: await replayFeed(settings, parts) }];
  const venues = [...new Set(source.split(','))];
  const stranger = venues.find((name) => !isVenue(name));
  if (stranger !== undefined)
    throw new Error(
      `There is no feed ${JSON.stringify(stranger)}: say sim, replay:<folder>, or any of ${VENUES.join(', ')}.`,
    );
  return Promise.all(venues.filter(isVenue).map((venue) => liveFeed(venue, settings, parts)));
}

function simFeed({ seed, speed }: FeedSettings, { instruments, clock }: FeedParts): MarketFeed {
  return new SimFeed({ instruments, seed, speed, clock });
}

async function replayFeed(
  { source, speed, loop }: FeedSettings,
  { instruments, clock, logger }: FeedParts,
): Promise<MarketFeed> {
  return new ReplayFeed({
    recording: await Recording.open(source.slice(REPLAY.length)),
    symbols: venueSymbols('binance', instruments),
    speed,
    loop,
    clock,
    onMalformed: (error) => logger.warn({ err: error }, 'a recorded frame was left out'),
  });
}

/** What the venue does not list is left to another venue. */
async function liveFeed(
  venue: Venue,
  { origins }: FeedSettings,
  { instruments, logger }: FeedParts,
): Promise<OpenFeed> {
  const origin = origins?.[venue];
  const protocol = PROTOCOLS[venue](origin === undefined ? undefined : addressAt(origin));
  const listings = await fetchListings(protocol, { timeoutMs: LISTINGS_MS }).catch(
    (cause: unknown) => {
      logger.warn({ err: cause, venue }, 'the list of instruments was not read');
      return null;
    },
  );
  const own = instruments.filter(({ symbol }) => listings?.has(symbol) ?? true);
  const feed = new LiveFeed({ protocol, symbols: venueSymbols(venue, own), logger });
  return { feed, instruments: own, listed: { protocol, listings } };
}
