import type { Venue } from '../../domain/catalog/catalog.ts';

/** A venue's addresses: streams over WebSocket, everything else over HTTP. */
export interface VenueAddress {
  readonly streams: string;
  readonly rest: string;
}

/** The venues' public addresses. */
export const PUBLIC_ADDRESSES: Readonly<Record<Venue, VenueAddress>> = {
  binance: { streams: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  kraken: { streams: 'wss://ws.kraken.com', rest: 'https://api.kraken.com' },
  coinbase: {
    streams: 'wss://ws-feed.exchange.coinbase.com',
    rest: 'https://api.exchange.coinbase.com',
  },
};

/** The addresses of a proxy or stand-in that serves both from one origin, `http://…` or `https://…`. */
export function addressAt(origin: string): VenueAddress {
  return { streams: origin.replace(/^http/, 'ws'), rest: origin };
}
