/** The promises that a desk at rest keeps. */
export type DeskPromise =
  /** The ledger took every command. */
  | 'ledgerAgrees'
  | 'comesToRest'
  | 'sums'
  | 'balances'
  | 'locked'
  | 'holds'
  | 'settlements'
  | 'positions'
  | 'orders'
  /** No crossing orders are left in the book. */
  | 'books'
  /** No trade is between two orders of one account or user. */
  | 'selfTrades'
  | 'exits'
  /** No order outlives the connection that guards it. */
  | 'guards'
  /** Recorded times never go back. */
  | 'times'
  /** No halted account trades, and no dead man's timer is late by a turn. */
  | 'switches'
  /** The house never exceeds its inventory limit. */
  | 'houseLimit'
  | 'told';

/** A broken promise. */
export interface Violation {
  readonly promise: DeskPromise;
  readonly detail: string;
}
