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
  /** What could trade has traded. */
  | 'books'
  | 'exits'
  /** None is recorded before one that was recorded earlier. */
  | 'times'
  /** Nothing trades that is halted, and no dead man's timer is late by a turn. */
  | 'switches'
  /** The house never has more than it may have. */
  | 'houseLimit'
  | 'told';

/** One promise that was not kept. */
export interface Violation {
  readonly promise: DeskPromise;
  readonly detail: string;
}
