/** What a client has just taken from each side of a market by earlier accepts: base units, as counts of 10^-18. */
export interface TakenDepth {
  /** Bought from the desk. */
  readonly ask: bigint;
  /** Sold to the desk. */
  readonly bid: bigint;
}

/** Nothing on either side. */
export const NOTHING_TAKEN: TakenDepth = { ask: 0n, bid: 0n };
