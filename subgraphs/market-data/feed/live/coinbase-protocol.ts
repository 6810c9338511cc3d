import { CoinbaseDecoder } from '../coinbase-decoder.ts';
import { coinbaseListings } from './coinbase-listings.ts';
import { PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** The books that need no key: as level2, gathered for 50 ms. */
const BOOK = 'level2_batch';
/** The heartbeat is what makes a quiet market differ from a dead connection. */
const OTHERS = ['ticker', 'matches', 'heartbeat'] as const;

/** Coinbase Exchange: a book is built again by leaving its channel and entering it again. */
export function coinbaseProtocol(address: VenueAddress = PUBLIC_ADDRESSES.coinbase): VenueProtocol {
  return {
    venue: 'coinbase',
    maxAgeMs: Infinity,
    listingsUrl: () => `${address.rest}/products`,
    readListings: coinbaseListings,
    url: () => address.streams,
    converse: (symbols) => {
      const decoder = new CoinbaseDecoder(symbols);
      return {
        // One request for each, since one unknown product refuses a whole request.
        greetings: [...symbols.keys()].map((product) =>
          request('subscribe', product, [BOOK, ...OTHERS]),
        ),
        frame: (sent) => decoder.frame(sent),
        isRefusal: (text) => text.startsWith('{"type":"error"'),
        needsSnapshot: () => decoder.needsSnapshot(),
        rebuild: (product) => ({
          kind: 'say',
          messages: [
            request('unsubscribe', product, [BOOK]),
            request('subscribe', product, [BOOK]),
          ],
        }),
      };
    },
  };
}

function request(type: string, product: string, channels: readonly string[]): string {
  return JSON.stringify({ type, product_ids: [product], channels });
}
