import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { Level } from './book/level.ts';
import type { FeedLevels } from './book/level-rows.ts';
import type { KnownTo, ShownBook } from './book/order-book.ts';
import type { VenueListing } from './catalog/venue-listing.ts';

/** The side of the taker; null if the venue does not say. */
export type AggressorSide = 'BUY' | 'SELL' | null;

/**
 * A venue's messages, in our words and without our counters: every feed delivers these, whatever
 * its own messages look like. Times are milliseconds since the epoch, by the venue's clock; null if
 * it gives none.
 */
export type FeedEvent =
  | ({
      readonly kind: 'quote';
      readonly symbol: InstrumentSymbol;
      readonly bid: Level | null;
      readonly ask: Level | null;
      readonly exchangeTimeMs: number | null;
    } & Relayed)
  /** The whole book; replaces what was known. */
  | ({
      readonly kind: 'bookSnapshot';
      /** The most levels of a side that the venue ever sends; absent if it sends all. */
      readonly depth?: number;
      /** To where the venue has sent all levels, if it has more; then it sends only those that change. */
      readonly knownTo?: KnownTo;
    } & BookEvent)
  /** Absolute quantities of what changed, all parts of one venue message together. */
  | ({ readonly kind: 'bookUpdate' } & BookEvent)
  /** Changes of this book were lost; what is known is wrong until the next snapshot. */
  | {
      readonly kind: 'bookLost';
      readonly symbol: InstrumentSymbol;
      /** Whether it is proven wrong: then nobody is shown what is known. */
      readonly isRefuted?: true;
    }
  | {
      readonly kind: 'trade';
      readonly symbol: InstrumentSymbol;
      readonly tradeId: string;
      readonly price: Price;
      readonly quantity: Quantity;
      readonly aggressorSide: AggressorSide;
      readonly exchangeTimeMs: number;
      /** The number that another process has given it; absent if it is counted here. */
      readonly sequence?: number;
    }
  /** Trades before the next one were lost. */
  | { readonly kind: 'tradesLost'; readonly symbol: InstrumentSymbol }
  /** Another process has counted this many trades: those that were not received here are lost. */
  | { readonly kind: 'tradeCount'; readonly symbol: InstrumentSymbol; readonly sequence: number }
  /** How the venue lists the instrument now; null if it no longer does. */
  | {
      readonly kind: 'listing';
      readonly symbol: InstrumentSymbol;
      readonly listing: VenueListing | null;
    }
  /** What the venue's trading engine permits now, of all its instruments: one event for each. */
  | {
      readonly kind: 'venueStatus';
      readonly symbol: InstrumentSymbol;
      readonly status: InstrumentStatus;
    }
  /** The connection to the venue as a whole. */
  | {
      readonly kind: 'connection';
      readonly isConnected: boolean;
      /** The markets begin with it: nothing was traded before. Absent if they existed before us. */
      readonly isOpening?: true;
    };

/** An event that may have reached another process before this one. */
interface Relayed {
  /**
   * When it reached the process that is connected to the venue; absent if that is this one, now.
   */
  readonly receivedAtMs?: number;
}

interface BookEvent extends FeedLevels, Relayed {
  readonly symbol: InstrumentSymbol;
  readonly exchangeTimeMs: number | null;
  /**
   * The book that the reader of the message keeps, with these changes in it; absent if it keeps none.
   * The next message changes it, so it is right only until that is read.
   */
  readonly book?: ShownBook;
}

/** The members of {@link FeedEvent} that are about one instrument. */
export type InstrumentEvent = Exclude<FeedEvent, { readonly kind: 'connection' }>;

/** Whether an event shows that prices flow: lists, states and counts arrive another way, or also while none do. */
export function showsPrices({ kind }: InstrumentEvent): boolean {
  return kind !== 'listing' && kind !== 'venueStatus' && kind !== 'tradeCount';
}
