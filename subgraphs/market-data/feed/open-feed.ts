import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { isVenue, type Venue, VENUES, venueSymbols } from '../domain/catalog/catalog.ts';
import type { InstrumentHomes } from '../domain/catalog/instrument-homes.ts';
import { BinanceSession } from './binance/binance-session.ts';
import type { FeedSettings } from './feed-settings.ts';
import { findFrameFiles } from './recording/frame-file.ts';
import { FrameSession } from './recording/frame-session.ts';
import { fetchListings } from './live/fetch-listings.ts';
import type { Listings } from './live/listings.ts';
import { LiveFeed } from './live/live-feed.ts';
import type { VenueProtocol } from './live/venue-protocol.ts';
import { venueProtocol } from './live/venue-protocols.ts';
import { VenueRequests } from './live/venue-requests.ts';
import type { MarketFeed } from './market-feed.ts';
import type { RecordedMoment, RecordedSession } from './recording/recorded-session.ts';
import { Recording } from './recording/recording.ts';
import { ReplayFeed } from './recording/replay-feed.ts';
import { SimFeed } from './sim/sim-feed.ts';

const REPLAY = 'replay:';
/** A venue that does not list its instruments in time is asked again later. */
const LISTINGS_MS = 3000;
/** A list in part can be so for a moment. */
const LISTINGS_AGAIN_MS = 1000;
/** How many moments of a recording are searched for its instruments. */
const SEARCHED_MOMENTS = 10_000;

/** How to read a venue's list of instruments again. */
interface VenueList {
  readonly protocol: VenueProtocol;
  /** Shared with the feed: a venue that refuses either wants to be left alone by both. */
  readonly requests: VenueRequests;
  /** Null if it could not be read. */
  readonly listings: Listings | null;
}

/** A feed and the instruments it has prices for. */
export interface OpenFeed {
  readonly feed: MarketFeed;
  readonly instruments: readonly Instrument[];
  /** Null if there is no venue. */
  readonly listed: VenueList | null;
}

/** What opening a feed needs. */
interface FeedParts {
  readonly instruments: readonly Instrument[];
  /** What was decided at earlier starts. */
  readonly homes: InstrumentHomes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Opens the feeds that the settings name, in that order: `sim`, `replay:<folder>`, or any venues.
 * @throws Error with one clear sentence if there is no such feed or its recordings cannot be read
 */
export async function openFeeds(
  settings: FeedSettings,
  parts: FeedParts,
): Promise<readonly OpenFeed[]> {
  const { source } = settings;
  const alone = { instruments: parts.instruments, listed: null };
  if (source === 'sim') return [{ ...alone, feed: simFeed(settings, parts) }];
  if (source.startsWith(REPLAY)) return replayFeeds(settings, parts);
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

/** One feed per venue with recorded frames; without any, raw frames of Binance Spot. */
async function replayFeeds(
  { source, speed, loop }: FeedSettings,
  { instruments, clock, logger }: FeedParts,
): Promise<readonly OpenFeed[]> {
  const folder = source.slice(REPLAY.length);
  const recorded = await findFrameFiles(folder);
  const sessions: RecordedSession[] = [...recorded].map(([venue, paths]) => {
    const symbols = venueSymbols(venue, instruments);
    return new FrameSession({ protocol: venueProtocol(venue), symbols, paths });
  });
  if (sessions.length === 0) {
    const symbols = venueSymbols('binance', instruments);
    sessions.push(new BinanceSession(await Recording.open(folder), symbols));
  }
  const onMalformed = (error: Error) => logger.warn({ err: error }, 'skipped a recorded frame');
  return Promise.all(
    sessions.map(async (session) => ({
      feed: new ReplayFeed({ session, speed, loop, clock, onMalformed }),
      instruments: sessions.length === 1 ? instruments : await recordedOf(session, instruments),
      listed: null,
    })),
  );
}

/** The instruments at the beginning of a recording, where each connection delivers every book. */
async function recordedOf(
  session: RecordedSession,
  instruments: readonly Instrument[],
): Promise<readonly Instrument[]> {
  const seen = new Set<string>();
  let moments = 0;
  for await (const moment of session.moments()) {
    for (const symbol of symbolsIn(moment)) seen.add(symbol);
    if ((moments += 1) >= SEARCHED_MOMENTS || seen.size === instruments.length) break;
  }
  return instruments.filter(({ symbol }) => seen.has(symbol));
}

/** Skips malformed moments; playing the recording reports them. */
function symbolsIn(moment: RecordedMoment): readonly string[] {
  try {
    return moment.decode().flatMap((event) => ('symbol' in event ? [event.symbol] : []));
  } catch {
    return [];
  }
}

/** Leaves instruments that the venue does not list, or more than it takes, to another venue. */
async function liveFeed(
  venue: Venue,
  { origins }: FeedSettings,
  { instruments, homes, clock, logger }: FeedParts,
): Promise<OpenFeed> {
  const protocol = venueProtocol(venue, origins?.[venue]);
  const requests = new VenueRequests();
  const read = () =>
    fetchListings(protocol, { timeoutMs: LISTINGS_MS }, requests).catch((cause: unknown) => {
      logger.warn({ err: cause, venue }, 'could not read the list of instruments');
      return null;
    });
  const first = await read();
  const isAtHome = ({ symbol }: Instrument) => homes.get(symbol) === venue;
  const atHome = instruments.filter(isAtHome);
  // A list in part would move the homes of what it lacks, for good.
  const isWhole = first === null || atHome.every(({ symbol }) => first.has(symbol));
  const listings = isWhole ? first : await pause(LISTINGS_AGAIN_MS).then(read);
  // One that stays without a home has no price anywhere.
  const rank = (one: Instrument) => (isAtHome(one) ? 0 : homes.has(one.symbol) ? 2 : 1);
  const all = instruments
    .filter(({ symbol }) => listings?.has(symbol) ?? true)
    .toSorted((one, other) => rank(one) - rank(other));
  const own = all.slice(0, protocol.mostInstruments);
  const left = all.slice(protocol.mostInstruments).map(({ symbol }) => symbol);
  if (left.length > 0)
    logger.error({ venue, left }, 'the venue takes no more instruments: these are not followed');
  const symbols = venueSymbols(venue, own);
  const feed = new LiveFeed({ protocol, symbols, clock, logger, requests });
  return { feed, instruments: own, listed: { protocol, requests, listings } };
}
