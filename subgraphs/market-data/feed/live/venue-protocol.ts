import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Venue } from '../../domain/catalog/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { SentFrame } from '../frames/sent-frame.ts';
import type { Listings } from './listings.ts';

/** How to communicate with one venue: its addresses, our requests, the meaning of its messages. */
export interface VenueProtocol {
  readonly venue: Venue;
  /** The address of its list of instruments. */
  listingsUrl(): string;
  /** Reads the list in a response body. @throws MalformedFrameError */
  readListings(body: string): Listings;
  /** How long to keep a socket; the venue ends it soon after. Infinity if it never does. */
  readonly maxAgeMs: number;
  /** How many instruments a connection can follow: the venue ends one that asks for more. */
  readonly mostInstruments: number;
  /** How many messages to send in a quarter of a second; the venue refuses more. */
  readonly messagesAtOnce: number;
  /** The WebSocket's address. */
  url(): string;
  /**
   * Starts the conversation of one connection.
   * @param symbols the venue's symbol → ours
   */
  converse(symbols: ReadonlyMap<string, InstrumentSymbol>): VenueConversation;
}

/** The state of one connection to a venue. */
export interface VenueConversation {
  /** Messages to send as soon as the connection opens, mostly subscriptions. */
  readonly greetings: readonly string[];
  /** Whether the venue has answered every greeting without whose answer nothing is followed. */
  isAnswered(): boolean;
  /** Whether those answers permit everything, or all that the conversation permits which this one continues. */
  isConfirmed(): boolean;
  /**
   * Looks at a message for such an answer, or an announcement, before it is read.
   * @throws MalformedFrameError if it is not JSON
   */
  hear(text: string): void;
  /** Whether the venue has announced that it will end the socket. */
  isEnding(): boolean;
  /**
   * The same conversation over one more socket, from its greetings on: a message may arrive over both. Null if the
   * venue does not number its messages over all connections, so that another one begins with nothing.
   */
  continued(): VenueConversation | null;
  /** Reads one message. @throws MalformedFrameError if it is not what the venue documents */
  frame(sent: SentFrame): FeedEvent[];
  /** Whether a message without events refuses one of our requests; refusals are logged. */
  isRefusal(text: string): boolean;
  /** Venue symbols of the books that wait for a snapshot, or for a subscription that was refused. */
  needsSnapshot(): readonly string[];
  /** How to get what one of them waits for. */
  rebuild(venueSymbol: string): Rebuild;
}

/** How to get a snapshot: send messages that make the venue send it, or fetch it. */
export type Rebuild =
  | { readonly kind: 'say'; readonly messages: readonly string[] }
  | {
      readonly kind: 'fetch';
      readonly url: string;
      /** Reads the response body. @throws MalformedFrameError */
      readonly take: (body: string) => FeedEvent[];
    };
