import type { FundsCommand } from './funds.ts';

/** A command that the ledger must still be told. */
export interface OutboxEntry {
  readonly position: bigint;
  readonly command: FundsCommand;
}

/** What the journal has stored for the ledger. */
export interface Outbox {
  /** The oldest commands that were not sent, in order, at most `limit`. */
  unsent(limit: number): Promise<readonly OutboxEntry[]>;
  /** The ledger has applied these. */
  markSent(entries: readonly OutboxEntry[]): Promise<void>;
}
