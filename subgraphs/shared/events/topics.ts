import type { AccountId, InstrumentSymbol, RfqId, UserId } from '#shared/domain/ids.ts';
import type { InstrumentStatus } from '#shared/domain/instrument.ts';

/** A price level as text: `[price, quantity]`, plain decimals. */
export type LevelText = readonly [price: string, quantity: string];

/**
 * The top of an instrument's live book, as market-data tells the other units. Only the newest one
 * matters: a receiver may miss any number of them.
 */
export interface MarketDepth {
  readonly symbol: InstrumentSymbol;
  /** The quote's sequence in market-data; rises with every change of the top of the book. */
  readonly sequence: string;
  /** Best first, at most 20 levels. */
  readonly bids: readonly LevelText[];
  /** Best first, at most 20 levels. */
  readonly asks: readonly LevelText[];
  /** When market-data had it, milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** Whether the feed itself says that this is not to be traded on (disconnected, reconciling). */
  readonly suspended: boolean;
  /** Whether the instrument takes orders, as its venue has said last. */
  readonly status: InstrumentStatus;
}

/** The book of one venue, as it went into something that was made of several. */
export interface VenueBookSequence {
  readonly venue: string;
  /** The book's own: +1 with every change of it. */
  readonly sequence: string;
}

/**
 * The books of several venues as one, where an instrument has several. Only the newest one matters: a receiver may miss
 * any number of them.
 */
export interface ConsolidatedDepth {
  readonly symbol: InstrumentSymbol;
  /** Best first, at most 20 levels, each the sum over the venues. */
  readonly bids: readonly LevelText[];
  /** Best first, at most 20 levels, each the sum over the venues. */
  readonly asks: readonly LevelText[];
  /** Those that could be believed, and so are in it. */
  readonly books: readonly VenueBookSequence[];
  /** The oldest word of any of them, milliseconds since the epoch. */
  readonly asOfMs: number;
}

/** What the process that reads a venue's feed tells the others of its unit. */
export interface FeedMessage {
  readonly venue: string;
  /** The whole state, what did not go into its first message, or what happened since the one before. */
  readonly kind: 'snapshot' | 'rest' | 'events';
  /** Which process it is. */
  readonly reader: string;
  /** +1 with every message of this reader. */
  readonly sequence: number;
  readonly isConnected: boolean;
  /** Feed events as text. */
  readonly events: string;
  /** The sequence of each instrument's newest trade, after these events. */
  readonly tradeSequences: Readonly<Record<string, number>>;
}

/** Tells that a private stream has grown; the truth is in the owner's store. */
export interface StreamAdvance<Event> {
  /** What the stream is about: an account, or a request for quote. */
  readonly streamId: AccountId | RfqId;
  /** The stream's sequence after this event, a decimal string; dense per stream. */
  readonly sequence: string;
  readonly event: Event;
}

/**
 * Something was committed that a person's credentials hang on: a key or a sign-in ended, a secret was
 * replaced, a role given or taken. It says no more than where to look again: the truth is what the
 * account subgraph answers to anyone who asks.
 */
export interface CredentialChange {
  readonly userId: UserId;
}

/**
 * The language the units speak to each other: topic → message. Messages are plain JSON (no bigint,
 * no Date) and immutable once published, for they cross processes.
 */
export interface Topics {
  /** Newest top of book, one message per instrument and change, conflated. */
  readonly 'market.depth': MarketDepth;
  /** Newest books of several venues as one, one message per instrument and change, conflated. */
  readonly 'market.consolidated': ConsolidatedDepth;
  /** Every batch of feed events, from the market-data process that is connected to the venues. */
  readonly 'market.feed': FeedMessage;
  /** A market-data process asks the one that is connected for the whole state. */
  readonly 'market.feed.request': { readonly venue: string };
  /** One per committed event of an order, from the order subgraph. `event` is its stored JSON. */
  readonly 'order.events': StreamAdvance<unknown>;
  /** One per committed change of balances, from the account subgraph. `event` is its stored JSON. */
  readonly 'balance.events': StreamAdvance<unknown>;
  /** One per committed event of a request for quote, from the order subgraph. `event` is its stored JSON. */
  readonly 'rfq.events': StreamAdvance<unknown>;
  /** One per committed change of credentials or roles, from the account subgraph to the gateways. */
  readonly 'credentials.changed': CredentialChange;
}

/** The name of a topic. */
export type Topic = keyof Topics;

/** The topics that tell of private streams. */
export type PrivateTopic = 'order.events' | 'balance.events' | 'rfq.events';
