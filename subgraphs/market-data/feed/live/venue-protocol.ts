import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Venue } from '../../domain/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { SentFrame } from '../sent-frame.ts';
import type { Listings } from './listings.ts';

/** How one venue is spoken to: where it is, what it is told, what its messages mean. */
export interface VenueProtocol {
  readonly venue: Venue;
  /** Where its list of instruments is. */
  listingsUrl(): string;
  /** The list in an answer. @throws MalformedFrameError */
  readListings(body: string): Listings;
  /** How long a connection may be kept; the venue ends it soon after. Infinity where it never does. */
  readonly maxAgeMs: number;
  /** The WebSocket's address for these instruments. */
  url(symbols: ReadonlyMap<string, InstrumentSymbol>): string;
  /**
   * Begins a conversation, for one connection.
   * @param symbols the venue's symbol → ours
   */
  converse(symbols: ReadonlyMap<string, InstrumentSymbol>): VenueConversation;
}

/** Everything that one connection to a venue knows. */
export interface VenueConversation {
  /** What to say as soon as the connection is there; subscriptions, mostly. */
  readonly greetings: readonly string[];
  /** One message of the venue. @throws MalformedFrameError if it is not what it documents */
  frame(sent: SentFrame): FeedEvent[];
  /** Whether a message that brought no event refuses what was asked for; such a thing is logged. */
  isRefusal(text: string): boolean;
  /** Symbols of the venue whose book waits for a snapshot. */
  needsSnapshot(): readonly string[];
  /** How to come by a new snapshot of one book. */
  rebuild(venueSymbol: string): Rebuild;
}

/** The way to a snapshot: the venue sends it when it is told something, or it is fetched. */
type Rebuild =
  | { readonly kind: 'say'; readonly messages: readonly string[] }
  | {
      readonly kind: 'fetch';
      readonly url: string;
      /** Takes the answer's body. @throws MalformedFrameError */
      readonly take: (body: string) => FeedEvent[];
    };
