import type { OrderId } from '#shared/domain/ids.ts';

/** What can be matched at once: every trade is recorded, and a turn has room for a limited number of events. */
export interface MatchLimit {
  readonly room: number;
  /** What it takes of the room to meet an order, or for null a level of the house. */
  costOf(makerOrderId: OrderId | null): number;
  /** Set if it meets only what icebergs show. */
  readonly isShownOnly?: true;
}

/** As much as there is. */
export const NO_LIMIT: MatchLimit = { room: Infinity, costOf: () => 0 };

/** As much as is shown: a preview is free, and would tell anyone what an iceberg hides. */
export const SHOWN_ONLY: MatchLimit = { ...NO_LIMIT, isShownOnly: true };
