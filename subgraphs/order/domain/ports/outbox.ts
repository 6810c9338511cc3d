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

/** What waits in the outbox. */
export interface OutboxBacklog {
  /** How many commands the ledger is not known to have applied. */
  readonly unsent: number;
  /** How long ago the oldest of them was stored; 0 if there is none. */
  readonly oldestSeconds: number;
}

/** Nothing waits. */
export const NO_BACKLOG: OutboxBacklog = { unsent: 0, oldestSeconds: 0 };

/** What the ledger has applied of the outbox; nothing reads it any more. */
export interface SentCommands {
  /** Removes some of those that were applied more than seven days ago. @returns whether there may be more */
  removeOld(): Promise<boolean>;
}
