import { CoinbaseDecoder } from '../coinbase/coinbase-decoder.ts';
import { coinbaseListings } from './coinbase-listings.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** The book channel that needs no key: like level2, batched every 50 ms. */
const BOOK = 'level2_batch';
/** The heartbeat distinguishes a quiet market from a dead connection. */
const ALL = [BOOK, 'ticker', 'matches', 'heartbeat'] as const;

/** Coinbase Exchange: resubscribing to a book's channel rebuilds the book. */
export function coinbaseProtocol(address: VenueAddress = PUBLIC_ADDRESSES.coinbase): VenueProtocol {
  return {
    venue: 'coinbase',
    maxAgeMs: Infinity,
    mostInstruments: Infinity,
    listingsUrl: () => `${address.rest}/products`,
    readListings: coinbaseListings,
    // The venue takes 100 messages a second.
    messagesAtOnce: 20,
    url: () => address.streams,
    converse: (symbols) => {
      const decoder = new CoinbaseDecoder(symbols);
      return {
        // One request per product, because one unknown product makes the venue refuse a request.
        greetings: [...symbols.keys()].map((product) => request('subscribe', product, ALL)),
        // A book that does not arrive is requested again.
        isAnswered: () => true,
        isConfirmed: () => true,
        hear: () => undefined,
        isEnding: () => false,
        continued: () => null,
        frame: (sent) => decoder.frame(sent),
        isRefusal: (text) => text.startsWith('{"type":"error"'),
        needsSnapshot: () => decoder.needsSnapshot(),
        rebuild: (product) => ({
          kind: 'say',
          messages: [
            request('unsubscribe', product, [BOOK]),
            // Whatever keeps the first book away, a refusal for one, keeps the rest away, too.
            request('subscribe', product, decoder.isAwaited(product) ? ALL : [BOOK]),
          ],
        }),
      };
    },
  };
}

function request(type: string, product: string, channels: readonly string[]): string {
  return JSON.stringify({ type, product_ids: [product], channels });
}
