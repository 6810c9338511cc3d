import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { BinanceSpotDecoder, END_ANNOUNCED } from '../binance/binance-spot-decoder.ts';
import { parseFrame } from '../frames/frame-fields.ts';
import { binanceListings } from './binance-listings.ts';
import { textOfFrame } from '../frames/sent-frame.ts';
import { BinanceSubscriptions } from './binance-subscriptions.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueConversation, VenueProtocol } from './venue-protocol.ts';

/** The most levels per side that the venue sends. */
const SNAPSHOT_LEVELS = 5000;
/** The venue ends every socket after 24 hours; another one takes its place in the ten minutes before. */
const MAX_AGE_MS = (24 * 60 - 10) * 60 * 1000;

/** A connection has at most 1,024 streams, three an instrument. */
const MOST_INSTRUMENTS = 341;

/** An answer that refuses a request begins with the error or with its code. */
const REFUSAL = /^\{"(?:error|code)":/;

/** Every other message begins so, but for an announcement. */
const STREAMED = '{"stream":';

const ANNOUNCEMENT = `"e":"${END_ANNOUNCED}"`;

/** Binance Spot, whose snapshots are fetched over HTTP. */
export function binanceProtocol(address: VenueAddress = PUBLIC_ADDRESSES.binance): VenueProtocol {
  const { streams, rest } = address;
  return {
    venue: 'binance',
    maxAgeMs: MAX_AGE_MS,
    mostInstruments: MOST_INSTRUMENTS,
    // Ask for the whole list: one unknown symbol would make the venue refuse the request. Leave out which
    // users may trade what: it is most of the list, and everything waits while it is parsed.
    listingsUrl: () => `${rest}/api/v3/exchangeInfo?showPermissionSets=false`,
    readListings: binanceListings,
    // Of five messages a second one is left for an answer to a ping.
    messagesAtOnce: 1,
    url: () => `${streams}/stream`,
    converse: (symbols) =>
      conversationOf({ rest, symbols, decoder: new BinanceSpotDecoder(symbols, SNAPSHOT_LEVELS) }),
  };
}

function conversationOf(
  parts: {
    readonly rest: string;
    readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
    readonly decoder: BinanceSpotDecoder;
  },
  before?: BinanceSubscriptions,
): VenueConversation {
  const { rest, symbols, decoder } = parts;
  const subscriptions = new BinanceSubscriptions([...symbols.keys()], before);
  let isEnding = false;
  const hear = (text: string) => {
    if (text.includes(ANNOUNCEMENT)) isEnding = true;
    else if (!text.startsWith(STREAMED)) subscriptions.hear(text);
  };
  return {
    greetings: subscriptions.requests,
    isAnswered: () => subscriptions.isAnswered,
    isConfirmed: () => subscriptions.isConfirmed,
    hear,
    isEnding: () => isEnding,
    // The venue's numbers are those of its books and trades, whichever socket they are sent over.
    continued: () => conversationOf(parts, subscriptions),
    frame: (sent) => {
      const events = decoder.sent(sent);
      if (events.length === 0) hear(textOfFrame(sent));
      return events;
    },
    isRefusal: (text) => REFUSAL.test(text),
    // A book without its changes would stand still, and one before them would have a hole.
    needsSnapshot: () => [
      ...decoder.needsSnapshot().filter((name) => subscriptions.isFollowed(name)),
      ...subscriptions.refused,
    ],
    rebuild: (symbol) =>
      subscriptions.refused.has(symbol)
        ? { kind: 'say', messages: [subscriptions.requestAlone(symbol)] }
        : {
            kind: 'fetch',
            url: `${rest}/api/v3/depth?symbol=${symbol}&limit=${SNAPSHOT_LEVELS}`,
            take: (body) => decoder.snapshot(symbol, parseFrame(body)),
          },
  };
}
