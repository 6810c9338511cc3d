import type { Connection } from '#shared/graphql/connection.ts';
import type { EntryWithScale } from '../domain/entry-reads.ts';

/** A page of ledger entries. */
export type LedgerEntryPage = Connection<EntryWithScale>;
