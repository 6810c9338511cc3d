import { KrakenV2Decoder } from '../kraken/kraken-v2-decoder.ts';
import { krakenListings } from './kraken-listings.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** Levels per side; the venue offers 10, 25, 100, 500 and 1,000. */
const DEPTH = 100;

/** Kraken's WebSocket v2: resubscribing to a book's channel rebuilds the book. */
export function krakenProtocol(
  address: VenueAddress = PUBLIC_ADDRESSES.kraken,
  depth = DEPTH,
): VenueProtocol {
  return {
    venue: 'kraken',
    maxAgeMs: Infinity,
    mostInstruments: Infinity,
    listingsUrl: () => `${address.rest}/0/public/AssetPairs`,
    readListings: krakenListings,
    // The venue takes more or less than this, as its load permits.
    messagesAtOnce: 10,
    url: () => `${address.streams}/v2`,
    converse: (symbols) => {
      const decoder = new KrakenV2Decoder(symbols, depth);
      const all = [...symbols.keys()];
      const book = (method: 'subscribe' | 'unsubscribe', symbol: readonly string[]) =>
        request(method, { channel: 'book', symbol, depth });
      const everything = (symbol: readonly string[]) => [
        book('subscribe', symbol),
        // By default the venue sends a ticker only with trades.
        request('subscribe', { channel: 'ticker', symbol, event_trigger: 'bbo' }),
        request('subscribe', { channel: 'trade', symbol }),
      ];
      return {
        greetings: everything(all),
        // A book that does not arrive is requested again.
        isAnswered: () => true,
        isConfirmed: () => true,
        hear: () => undefined,
        isEnding: () => false,
        continued: () => null,
        frame: (sent) => decoder.frame(sent),
        isRefusal: (text) => text.includes('"success":false'),
        needsSnapshot: () => decoder.needsSnapshot(),
        rebuild: (symbol) => ({
          kind: 'say',
          messages: [
            book('unsubscribe', [symbol]),
            // Whatever keeps the first book away, a refusal for one, may keep the rest away, too.
            ...(decoder.isAwaited(symbol) ? everything([symbol]) : [book('subscribe', [symbol])]),
          ],
        }),
      };
    },
  };
}

function request(method: string, params: object): string {
  return JSON.stringify({ method, params });
}
