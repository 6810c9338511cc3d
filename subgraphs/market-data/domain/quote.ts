import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { midPrice, type Price } from '#shared/domain/price.ts';
import type { Level } from './book/level.ts';

/** The top of one instrument's book at one moment. */
export interface Quote {
  readonly symbol: InstrumentSymbol;
  /** Null if there are no bids. */
  readonly bid: Level | null;
  /** Null if there are no asks. */
  readonly ask: Level | null;
  readonly venue: string;
  /** Dense per instrument: +1 with every quote of the feed, from 1. */
  readonly sequence: number;
  /** The venue's own time, milliseconds since the epoch; null if it gives none. */
  readonly exchangeTimeMs: number | null;
  /** When it was received, milliseconds since the epoch. */
  readonly receivedAtMs: number;
}

/** Whether bid ≥ ask, as received from the venue: passed on, not repaired. */
export function isCrossed({ bid, ask }: Quote): boolean {
  return bid !== null && ask !== null && bid.price >= ask.price;
}

/** Halfway between bid and ask; null if one side is missing. */
export function midOf({ bid, ask }: Quote): Price | null {
  return bid === null || ask === null ? null : midPrice(bid.price, ask.price);
}
