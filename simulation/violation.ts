/** The promises that a desk at rest keeps. */
export type DeskPromise =
  /** The ledger took every command. */
  | 'ledgerAgrees'
  /** No turn of the journal breaks an invariant. */
  | 'invariants'
  | 'comesToRest'
  | 'sums'
  | 'balances'
  | 'locked'
  /** An account's entries and balance events have no gap, and the last event shows each balance as it is. */
  | 'balanceEvents'
  /** No movement is corrected by more than it moved. */
  | 'corrections'
  /** A closed account has nothing, and gets nothing. */
  | 'closed'
  /** Nothing trades with the house or is triggered by a market that is stopped, suspended, crossed or old. */
  | 'market'
  /** No order waits that the last market has met, and every trailing stop has followed it. */
  | 'triggers'
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
  /** Nothing takes effect after the time until which it could. */
  | 'limits'
  /** Recorded times never go back. */
  | 'times'
  /** No halted account trades, and no dead man's timer is late by a turn. */
  | 'switches'
  /** Requests for quote go from status to status as they may, and are accepted once at most. */
  | 'requests'
  /** Only firm quotes trade, on their own terms. */
  | 'quotes'
  /** The last look has one tolerance in both directions, and looks at the market as it is. */
  | 'lastLook'
  /** What a client has just taken is gone from the market for that client: in its next quotes, and at a last look. */
  | 'taken'
  /** What is accepted and not settled stays within the limits of the client and the desk. */
  | 'credit'
  /** The machine and a trader never quote the same request at the same time. */
  | 'hands'
  /** The house never exceeds its inventory limit. */
  | 'houseLimit'
  | 'told';

/** A broken promise. */
export interface Violation {
  readonly promise: DeskPromise;
  readonly detail: string;
}
