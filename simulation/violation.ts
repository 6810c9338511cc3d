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
  | 'told';

/** One promise that was not kept. */
export interface Violation {
  readonly promise: DeskPromise;
  readonly detail: string;
}
