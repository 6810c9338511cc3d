import type { Clock } from '#shared/domain/clock.ts';
import { type FaultPoint, noFault } from '#shared/faults/fault-point.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { isReachable } from '#shared/store/database-check.ts';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import { openAccountClient } from './account-client.ts';
import { AccountStore } from './account-store.ts';
import { credentialNewsOn } from './credential-news.ts';
import { EntryStore } from './entry-store.ts';
import { UserTurns } from './user-turns.ts';
import { PrismaApiKeyStore } from './prisma-api-key-store.ts';
import { PrismaAuditStore } from './prisma-audit-store.ts';
import { PrismaFreezeStore } from './prisma-freeze-store.ts';
import { PrismaIdentityStore } from './prisma-identity-store.ts';
import { PrismaMemberStore } from './prisma-member-store.ts';
import { PrismaNonceStore } from './prisma-nonce-store.ts';
import { PrismaOutsideIdentityStore } from './prisma-outside-identity-store.ts';
import { PrismaOwnAccountStore } from './prisma-own-account-store.ts';
import { PrismaPasswordStore } from './prisma-password-store.ts';
import { PrismaSecondFactorStore } from './prisma-second-factor-store.ts';
import { PrismaSessionStore } from './prisma-session-store.ts';
import { LedgerStore } from './ledger-store.ts';
import { ProvisioningStore } from './provisioning-store.ts';
import { StatementStore } from './statement-store.ts';

/** For users and their credentials, which every request is checked by. */
const CONNECTIONS = 10;
/** For what clients ask to see of accounts: some of it may take long. */
const READ_CONNECTIONS = 6;
/** The ledger's own: it writes one batch at a time, for all, and waits for nobody's reads. */
const LEDGER_CONNECTIONS = 2;

/** The account database, as its stores. */
export interface AccountStores {
  readonly ledger: LedgerStore;
  readonly accounts: AccountStore;
  readonly entries: EntryStore;
  readonly statements: StatementStore;
  readonly identity: PrismaIdentityStore;
  readonly members: PrismaMemberStore;
  readonly audit: PrismaAuditStore;
  readonly freezes: PrismaFreezeStore;
  readonly apiKeys: PrismaApiKeyStore;
  readonly passwords: PrismaPasswordStore;
  readonly ownAccounts: PrismaOwnAccountStore;
  readonly outsideIdentities: PrismaOutsideIdentityStore;
  readonly nonces: PrismaNonceStore;
  readonly secondFactors: PrismaSecondFactorStore;
  readonly sessions: PrismaSessionStore;
  readonly provisioning: ProvisioningStore;
  /** Whether the database answers. Never throws. */
  isReachable(): Promise<boolean>;
  /** Lets what is on its way commit, then closes the connections. */
  close(): Promise<void>;
}

/** Opens the account database; it connects with its first statement. */
export function openAccountStores(options: {
  readonly databaseUrl: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** See {@link FaultPoint}. */
  readonly faults?: FaultPoint;
  /** Called for a connection that broke while idle. */
  readonly onConnectionError: (cause: unknown) => void;
}): AccountStores {
  const open = (connections: number) => openAccountClient({ ...options, connections });
  const client = open(CONNECTIONS);
  const reads = open(READ_CONNECTIONS);
  const { bus, clock, faults = noFault } = options;
  const tell = credentialNewsOn(bus);
  const ofLedger = sharePostgres({ ...options, connections: LEDGER_CONNECTIONS });
  const ledgerClient = new PrismaClient({ adapter: ofLedger.adapter });
  const { statements } = ofLedger;
  const ledger = new LedgerStore({ client: ledgerClient, statements, bus, clock, faults });
  const turns = new UserTurns(client);
  return {
    ledger,
    accounts: new AccountStore(reads),
    entries: new EntryStore(reads),
    statements: new StatementStore(reads),
    identity: new PrismaIdentityStore(client),
    members: new PrismaMemberStore(client, turns, tell),
    audit: new PrismaAuditStore(client, turns),
    freezes: new PrismaFreezeStore(turns),
    apiKeys: new PrismaApiKeyStore(client, turns, tell),
    passwords: new PrismaPasswordStore(client, turns, tell),
    ownAccounts: new PrismaOwnAccountStore(turns, tell),
    outsideIdentities: new PrismaOutsideIdentityStore(client, turns),
    nonces: new PrismaNonceStore(client),
    secondFactors: new PrismaSecondFactorStore(client, turns),
    sessions: new PrismaSessionStore(client, turns, tell),
    provisioning: new ProvisioningStore(client),
    isReachable: () => isReachable(client),
    close: async () => {
      await ledger.idle();
      await Promise.all([client, reads, ledgerClient].map((each) => each.$disconnect()));
      await ofLedger.close();
    },
  };
}
