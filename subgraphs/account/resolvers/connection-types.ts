import type { Connection } from '#shared/graphql/connection.ts';
import type { EntryWithScale } from '../domain/entry-reads.ts';
import type { AuditEntry } from '../identity/audit-chain.ts';

/** A page of an audit trail. */
export type AuditEntryPage = Connection<AuditEntry>;
/** A page of ledger entries. */
export type LedgerEntryPage = Connection<EntryWithScale>;
