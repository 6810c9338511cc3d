import { BinanceSpotDecoder } from '../binance-spot-decoder.ts';
import { parseFrame } from '../frame-fields.ts';
import { binanceListings } from './binance-listings.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

const CHANNELS = ['bookTicker', 'depth@100ms', 'trade'] as const;
/** The most levels per side that the venue sends. */
const SNAPSHOT_LEVELS = 5000;
/** The venue ends every connection after 24 hours; we end it ten minutes earlier. */
const MAX_AGE_MS = (24 * 60 - 10) * 60 * 1000;

/** Binance Spot: the address names the streams, and snapshots are fetched over HTTP. */
export function binanceProtocol(address: VenueAddress = PUBLIC_ADDRESSES.binance): VenueProtocol {
  const { streams, rest } = address;
  return {
    venue: 'binance',
    maxAgeMs: MAX_AGE_MS,
    // Ask for the whole list: one unknown symbol would make the venue refuse the request. Leave out which
    // users may trade what: it is most of the list, and everything waits while it is parsed.
    listingsUrl: () => `${rest}/api/v3/exchangeInfo?showPermissionSets=false`,
    readListings: binanceListings,
    url: (symbols) => {
      const names = [...symbols.keys()].flatMap((symbol) =>
        CHANNELS.map((channel) => `${symbol.toLowerCase()}@${channel}`),
      );
      return `${streams}/stream?streams=${names.join('/')}`;
    },
    converse: (symbols) => {
      const decoder = new BinanceSpotDecoder(symbols, SNAPSHOT_LEVELS);
      return {
        greetings: [],
        frame: (sent) => decoder.sent(sent),
        isRefusal: () => false,
        needsSnapshot: () => decoder.needsSnapshot(),
        rebuild: (symbol) => ({
          kind: 'fetch',
          url: `${rest}/api/v3/depth?symbol=${symbol}&limit=${SNAPSHOT_LEVELS}`,
          take: (body) => decoder.snapshot(symbol, parseFrame(body)),
        }),
      };
    },
  };
}
