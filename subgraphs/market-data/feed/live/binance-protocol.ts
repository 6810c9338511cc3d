import { BinanceSpotDecoder } from '../binance-spot-decoder.ts';
import { parseFrame } from '../frame-fields.ts';
import { binanceListings } from './binance-listings.ts';
import { textOfFrame } from '../sent-frame.ts';
import { BinanceSubscriptions } from './binance-subscriptions.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** The most levels per side that the venue sends. */
const SNAPSHOT_LEVELS = 5000;
/** The venue ends every connection after 24 hours; we end it ten minutes earlier. */
const MAX_AGE_MS = (24 * 60 - 10) * 60 * 1000;

/** An answer that refuses a request begins with the error or with its code. */
const REFUSAL = /^\{"(?:error|code)":/;

/** Binance Spot: up to 341 instruments over a connection, whose snapshots are fetched over HTTP. */
export function binanceProtocol(address: VenueAddress = PUBLIC_ADDRESSES.binance): VenueProtocol {
  const { streams, rest } = address;
  return {
    venue: 'binance',
    maxAgeMs: MAX_AGE_MS,
    // Ask for the whole list: one unknown symbol would make the venue refuse the request. Leave out which
    // users may trade what: it is most of the list, and everything waits while it is parsed.
    listingsUrl: () => `${rest}/api/v3/exchangeInfo?showPermissionSets=false`,
    readListings: binanceListings,
    // Of five messages a second one is left for an answer to a ping.
    messagesAtOnce: 1,
    url: () => `${streams}/stream`,
    converse: (symbols) => {
      const decoder = new BinanceSpotDecoder(symbols, SNAPSHOT_LEVELS);
      const subscriptions = new BinanceSubscriptions([...symbols.keys()]);
      return {
        greetings: subscriptions.requests,
        isAnswered: () => subscriptions.isAnswered,
        frame: (sent) => {
          const events = decoder.sent(sent);
          if (events.length === 0 && !subscriptions.isAnswered)
            subscriptions.hear(textOfFrame(sent));
          return events;
        },
        isRefusal: (text) => REFUSAL.test(text),
        // A book without its changes would stand still, and one before them would have a hole.
        needsSnapshot: () =>
          decoder.needsSnapshot().filter((name) => subscriptions.isFollowed(name)),
        rebuild: (symbol) => ({
          kind: 'fetch',
          url: `${rest}/api/v3/depth?symbol=${symbol}&limit=${SNAPSHOT_LEVELS}`,
          take: (body) => decoder.snapshot(symbol, parseFrame(body)),
        }),
      };
    },
  };
}
