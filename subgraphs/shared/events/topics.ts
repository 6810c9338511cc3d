import type { AccountId, InstrumentSymbol, RfqId, UserId } from '#shared/domain/ids.ts';
import type { InstrumentStatus } from '#shared/domain/instrument.ts';

/** A price level as text: `[price, quantity]`, plain decimals. */
export type LevelText = readonly [price: string, quantity: string];

/**
 * The top of an instrument's live book, as market-data publishes it. Only the newest one matters: a
 * subscriber can miss any number of them.
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
  /** Whether the feed itself says not to trade on this (disconnected, reconciling). */
  readonly suspended: boolean;
  /** Whether the instrument accepts orders, by the latest word of its venue. */
  readonly status: InstrumentStatus;
}

/** The book of one venue, as it was used in a consolidated book. */
interface VenueBookSequence {
  readonly venue: string;
  /** The book's own sequence: +1 with every change. */
  readonly sequence: string;
}

/**
 * The books of several venues as one, for an instrument that has several. Only the newest one
 * matters: a subscriber can miss any number of them.
 */
export interface ConsolidatedDepth {
  readonly symbol: InstrumentSymbol;
  /** Best first, at most 20 levels, each the sum over the venues. */
  readonly bids: readonly LevelText[];
  /** Best first, at most 20 levels, each the sum over the venues. */
  readonly asks: readonly LevelText[];
  /** The venues whose books could be believed, and so are included. */
  readonly books: readonly VenueBookSequence[];
  /** Time of the oldest update among them, milliseconds since the epoch. */
  readonly asOfMs: number;
}

/** What the process that reads a venue's feed sends to the other processes of its unit. */
export interface FeedMessage {
  readonly venue: string;
  /**
   * The beginning of a whole state, a further part of it, or what happened since the previous message. What
   * happens comes between the parts, too.
   */
  readonly kind: 'snapshot' | 'rest' | 'events';
  /** The process that reads. */
  readonly reader: string;
  /** +1 with every message of this reader. */
  readonly sequence: number;
  readonly isConnected: boolean;
  /** Feed events as text. */
  readonly events: string;
  /**
   * The sequence of the newest trade after these events: of every instrument with the whole state,
   * otherwise of those that these events trade.
   */
  readonly tradeSequences: Readonly<Record<string, number>>;
  /** The instruments whose part of a whole state begins here; its next messages can have more of it. */
  readonly told: readonly string[];
}

/** Announces that a private stream has grown; the truth is in the owner's store. */
export interface StreamAdvance<Event> {
  /** What the stream is about: an account, or a request for quote. */
  readonly streamId: AccountId | RfqId;
  /** The stream's sequence after this event, a decimal string; dense per stream. */
  readonly sequence: string;
  readonly event: Event;
}

/**
 * Something that a user's credentials depend on was committed: a key or a session ended, a secret
 * was replaced, a role was given or removed. The message only says where to look: the truth is the
 * account subgraph's answer.
 */
interface CredentialChange {
  readonly userId: UserId;
}

/**
 * The messages between the units: topic → message. They are plain JSON (no bigint, no Date),
 * because they cross processes, and immutable once published.
 */
export interface Topics {
  /** The newest top of book, one message per instrument and change, conflated. */
  readonly 'market.depth': MarketDepth;
  /** The newest consolidated books, one message per instrument and change, conflated. */
  readonly 'market.consolidated': ConsolidatedDepth;
  /** Every batch of feed events, from the market-data process that is connected to the venues. */
  readonly 'market.feed': FeedMessage;
  /** A market-data process asks the connected one for the whole state. */
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

/** The topics that announce private streams. */
export type PrivateTopic = 'order.events' | 'balance.events' | 'rfq.events';
