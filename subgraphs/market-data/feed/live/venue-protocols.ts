import type { Venue } from '../../domain/catalog/catalog.ts';
import { binanceProtocol } from './binance-protocol.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import { krakenProtocol } from './kraken-protocol.ts';
import { addressAt, PUBLIC_ADDRESSES, type VenueAddress } from './venue-addresses.ts';
import type { VenueProtocol } from './venue-protocol.ts';

const PROTOCOLS: Readonly<Record<Venue, (address: VenueAddress) => VenueProtocol>> = {
  binance: binanceProtocol,
  kraken: krakenProtocol,
  coinbase: coinbaseProtocol,
};

/** The protocol of a venue. @param origin replaces the venue's public addresses */
export function venueProtocol(venue: Venue, origin?: string): VenueProtocol {
  return PROTOCOLS[venue](origin === undefined ? PUBLIC_ADDRESSES[venue] : addressAt(origin));
}
