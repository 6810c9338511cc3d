import type { Listings } from './listings.ts';
import type { VenueProtocol } from './venue-protocol.ts';
import { type RequestLimits, VenueRequests } from './venue-requests.ts';

/**
 * Fetches a venue's current list of instruments.
 * @param requests those to the same venue, if there are others
 * @throws Error if it does not arrive in time or is not what the venue documents
 */
export async function fetchListings(
  protocol: VenueProtocol,
  limits: RequestLimits,
  requests = new VenueRequests(),
): Promise<Listings> {
  const first = { ...limits, goesFirst: true };
  return protocol.readListings(await requests.textOf(protocol.listingsUrl(), first));
}
