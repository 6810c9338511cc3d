import type { FundsCommand } from './funds.ts';

/** A command that must still be sent to the ledger. */
export interface OutboxEntry {
  readonly position: bigint;
  readonly command: FundsCommand;
}

/** What the journal has stored for the ledger. */
export interface Outbox {
  /** The oldest unsent commands, in order, at most `limit`. */
  unsent(limit: number): Promise<readonly OutboxEntry[]>;
  /** The ledger has applied the commands at these positions; to say so twice does no harm. */
  markSent(positions: readonly bigint[]): Promise<void>;
}
