import type { ChangeSet } from '../domain/ports/journal-store.ts';
import type { OutboxEntry } from '../domain/ports/outbox.ts';
import type { JournalState } from './journal-state.ts';

/** A listener to what the journal has stored. Called in turn, before the callers are answered. */
export interface JournalListener {
  /** The state was read from the store: at the start, and after a turn that could not be stored. */
  loaded?(state: JournalState): void;
  /** Another process owns the books until {@link JournalListener.loaded} is called again. */
  resigned?(): void;
  /** A turn is stored, and for the ledger these entries. */
  committed?(changes: ChangeSet, outbox: readonly OutboxEntry[]): void;
}
