import { BinanceSpotDecoder } from '../binance-spot-decoder.ts';
import { parseFrame } from '../frame-fields.ts';
import type { VenueProtocol } from './venue-protocol.ts';

const CHANNELS = ['bookTicker', 'depth@100ms', 'trade'] as const;
const SNAPSHOT_LEVELS = 1000;

/** Where the venue is; the stand-in of a test is elsewhere. */
export interface BinanceAddresses {
  readonly streams: string;
  readonly rest: string;
}

const PUBLIC: BinanceAddresses = {
  streams: 'wss://stream.binance.com:9443',
  rest: 'https://api.binance.com',
};

/**
 * Binance Spot: streams are named in the address, snapshots are fetched. The venue ends every
 * connection after 24 hours; that is a loss like any other.
 */
export function binanceProtocol({ streams, rest }: BinanceAddresses = PUBLIC): VenueProtocol {
  return {
    venue: 'binance',
    url: (symbols) => {
      const names = [...symbols.keys()].flatMap((symbol) =>
        CHANNELS.map((channel) => `${symbol.toLowerCase()}@${channel}`),
      );
      return `${streams}/stream?streams=${names.join('/')}`;
    },
    converse: (symbols) => {
      const decoder = new BinanceSpotDecoder(symbols);
      return {
        greetings: [],
        frame: (text) => decoder.text(text),
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
