import type { Listings } from './listings.ts';
import { textOfAnswer } from './text-of-answer.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/**
 * Fetches a venue's current list of instruments.
 * @throws Error if it does not arrive in time or is not what the venue documents
 */
export async function fetchListings(
  protocol: VenueProtocol,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Listings> {
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await fetch(protocol.listingsUrl(), {
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    headers: { 'user-agent': 'deskgraph' },
  });
  const body = await textOfAnswer(response);
  if (!response.ok) throw new Error(`${protocol.venue} answered ${response.status}.`);
  return protocol.readListings(body);
}
