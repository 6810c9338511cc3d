import type { Connection } from '#shared/graphql/connection.ts';
import type { HistoryPoint } from '../domain/account-history.ts';
import type { EntryWithScale } from '../domain/entry-reads.ts';
import type { ApiKey } from '../identity/api-keys/api-key-store.ts';
import type { AuditEntry } from '../identity/audit/audit-chain.ts';
import type { MemberChange } from '../identity/accounts/member-store.ts';
import type { Session } from '../identity/sessions/session-store.ts';

/** A page of an account's history. */
export type AccountHistoryPage = Connection<HistoryPoint>;
/** A page of an audit trail. */
export type AuditEntryPage = Connection<AuditEntry>;
/** A page of ledger entries. */
export type LedgerEntryPage = Connection<EntryWithScale>;
/** A page of a user's API keys. */
export type ApiKeyPage = Connection<ApiKey>;
/** A page of a user's sessions. */
export type SessionPage = Connection<Session>;
/** A page of the changes of an account's members. */
export type MemberChangePage = Connection<MemberChange>;
