import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { midPrice, type Price } from '#shared/domain/price.ts';
import type { Level } from './level.ts';

/** The top of one instrument's book at one moment. */
export interface Quote {
  readonly symbol: InstrumentSymbol;
  /** Null when nobody bids. */
  readonly bid: Level | null;
  /** Null when nobody asks. */
  readonly ask: Level | null;
  readonly venue: string;
  /** Dense per instrument: +1 with every quote of the feed, from 1. */
  readonly sequence: number;
  /** The venue's own time, milliseconds since the epoch; null if it tells none. */
  readonly exchangeTimeMs: number | null;
  /** When it reached us, milliseconds since the epoch. */
  readonly receivedAtMs: number;
}

/** Whether bid ≥ ask, as the venue sent it: that is passed on, not repaired. */
export function isCrossed({ bid, ask }: Quote): boolean {
  return bid !== null && ask !== null && bid.price >= ask.price;
}

/** Half way between bid and ask; null when one side is missing. */
export function midOf({ bid, ask }: Quote): Price | null {
  return bid === null || ask === null ? null : midPrice(bid.price, ask.price);
}
