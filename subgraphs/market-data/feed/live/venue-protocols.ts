import type { Venue } from '../../domain/catalog.ts';
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

/** How a venue is spoken to. @param origin where it is, in place of its own addresses */
export function venueProtocol(venue: Venue, origin?: string): VenueProtocol {
  return PROTOCOLS[venue](origin === undefined ? PUBLIC_ADDRESSES[venue] : addressAt(origin));
}
