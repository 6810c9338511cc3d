import type { Clock } from '#shared/domain/clock.ts';
import { type FaultPoint, noFault } from '#shared/faults/fault-point.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { databaseTimeMs, isReachable } from '#shared/store/database-check.ts';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { requireVersion } from '#shared/store/store-version.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import { openAccountClient } from './account-client.ts';
import { AccountStore } from './account-store.ts';
import { CredentialNews } from './credential-news.ts';
import { EntryStore } from './entry-store.ts';
import { UserTransactions } from './user-transactions.ts';
import { PostgresApiKeyStore } from './api-key-store.ts';
import { PostgresAuditStore } from './audit-store.ts';
import { PostgresClosureStore } from './closure-store.ts';
import { PostgresFreezeStore } from './freeze-store.ts';
import { PostgresIdentityStore } from './identity-store.ts';
import { PostgresMemberStore } from './member-store.ts';
import { PostgresNonceStore } from './nonce-store.ts';
import { PostgresOutsideIdentityStore } from './outside-identity-store.ts';
import { PostgresOwnAccountStore } from './own-account-store.ts';
import { PostgresPasswordStore } from './password-store.ts';
import { PostgresSecondFactorStore } from './second-factor-store.ts';
import { PostgresSessionStore } from './session-store.ts';
import { LedgerStore } from './ledger-store.ts';
import { MovementStandingQueries } from './movement-standing-queries.ts';
import { ProvisioningStore } from './provisioning-store.ts';
import { RailStore } from './rail-store.ts';
import { StatementStore } from './statement-store.ts';
import { PostgresWithdrawalAddressStore } from './withdrawal-address-store.ts';

/** Connections for users and their credentials, which every request needs. */
const CONNECTIONS = 10;
/** Connections for clients' reads of accounts, some of which are slow. */
const READ_CONNECTIONS = 6;
/** The ledger's own connections. It writes one batch at a time for everyone, and must not wait for reads. */
const LEDGER_CONNECTIONS = 2;

/** The stores of the account database. */
export interface AccountStores {
  readonly ledger: LedgerStore;
  readonly accounts: AccountStore;
  readonly entries: EntryStore;
  readonly statements: StatementStore;
  readonly identity: PostgresIdentityStore;
  readonly members: PostgresMemberStore;
  readonly audit: PostgresAuditStore;
  readonly freezes: PostgresFreezeStore;
  readonly closures: PostgresClosureStore;
  readonly apiKeys: PostgresApiKeyStore;
  readonly passwords: PostgresPasswordStore;
  readonly ownAccounts: PostgresOwnAccountStore;
  readonly outsideIdentities: PostgresOutsideIdentityStore;
  readonly nonces: PostgresNonceStore;
  readonly secondFactors: PostgresSecondFactorStore;
  readonly sessions: PostgresSessionStore;
  readonly standings: MovementStandingQueries;
  readonly withdrawalAddresses: PostgresWithdrawalAddressStore;
  readonly provisioning: ProvisioningStore;
  readonly rails: RailStore;
  /** See {@link requireVersion}. */
  requireVersion(): Promise<void>;
  /** Whether the database answers and can be written. Never throws. */
  isReachable(): Promise<boolean>;
  /** See {@link databaseTimeMs}. */
  databaseTimeMs(): Promise<number>;
  /** Waits for open transactions to commit, then closes the connections. */
  close(): Promise<void>;
}

/** Opens the account database, which connects at its first statement. */
export function openAccountStores(options: {
  readonly databaseUrl: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** See {@link FaultPoint}. */
  readonly faults?: FaultPoint;
  /** Called when an idle connection breaks. */
  readonly onConnectionError: (cause: unknown) => void;
}): AccountStores {
  const open = (connections: number) => openAccountClient({ ...options, connections });
  const client = open(CONNECTIONS);
  const reads = open(READ_CONNECTIONS);
  const { bus, clock, faults = noFault } = options;
  const news = new CredentialNews(bus);
  const ofLedger = sharePostgres({ ...options, connections: LEDGER_CONNECTIONS });
  const ledgerClient = new PrismaClient({ adapter: ofLedger.adapter });
  const { statements } = ofLedger;
  const ledger = new LedgerStore({ client: ledgerClient, statements, bus, clock, faults });
  const transactions = new UserTransactions(client);
  return {
    ledger,
    accounts: new AccountStore(reads, ledger),
    entries: new EntryStore(reads, ledger),
    statements: new StatementStore(reads, ledger),
    identity: new PostgresIdentityStore(client),
    members: new PostgresMemberStore(client, transactions, news),
    audit: new PostgresAuditStore(client, transactions),
    freezes: new PostgresFreezeStore(transactions),
    closures: new PostgresClosureStore(transactions),
    apiKeys: new PostgresApiKeyStore(client, transactions, news),
    passwords: new PostgresPasswordStore(client, transactions, news),
    ownAccounts: new PostgresOwnAccountStore(transactions, news),
    outsideIdentities: new PostgresOutsideIdentityStore(client, transactions),
    nonces: new PostgresNonceStore(client),
    secondFactors: new PostgresSecondFactorStore(client, transactions, news),
    sessions: new PostgresSessionStore(client, transactions, news),
    standings: new MovementStandingQueries(client),
    withdrawalAddresses: new PostgresWithdrawalAddressStore(client, transactions),
    provisioning: new ProvisioningStore(client),
    rails: new RailStore(reads),
    requireVersion: () => requireVersion('account', client),
    isReachable: () => isReachable(client),
    databaseTimeMs: () => databaseTimeMs(client),
    close: async () => {
      await ledger.idle();
      await Promise.all([client, reads, ledgerClient].map((each) => each.$disconnect()));
      await ofLedger.close();
    },
  };
}
