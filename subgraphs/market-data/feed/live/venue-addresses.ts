import type { Venue } from '../../domain/catalog.ts';

/** Where a venue is: its streams over WebSocket, everything else over HTTP. */
export interface VenueAddress {
  readonly streams: string;
  readonly rest: string;
}

/** Where the venues are for everybody. */
export const PUBLIC_ADDRESSES: Readonly<Record<Venue, VenueAddress>> = {
  binance: { streams: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  kraken: { streams: 'wss://ws.kraken.com', rest: 'https://api.kraken.com' },
  coinbase: {
    streams: 'wss://ws-feed.exchange.coinbase.com',
    rest: 'https://api.exchange.coinbase.com',
  },
};

/** A proxy or a stand-in at one origin, `http://…` or `https://…`, that answers both. */
export function addressAt(origin: string): VenueAddress {
  return { streams: origin.replace(/^http/, 'ws'), rest: origin };
}
