import { allow } from '#shared/graphql/shield.ts';
import { isService, isTrader, needs } from '#shared/graphql/permissions.ts';
import type { Permissions } from '#shared/subgraph/guarded-schema.ts';

const readsAccounts = needs('READ_ACCOUNT');
const managesKeys = needs('MANAGE_CREDENTIALS');
const movesMoney = needs('MOVE_MONEY');

/**
 * Who may ask for what. Root fields and the entity's own fields carry the rules; the types below can
 * only be reached through those, and ownership is checked where an account is read.
 */
export const permissions: Permissions = {
  Query: {
    viewer: isTrader,
    account: readsAccounts,
    authenticate: isService('gateway'),
    // The entity's fields carry their own rules, and the passport stands before all of them.
    _entities: allow,
    _service: allow,
  },
  Mutation: {
    signUp: allow,
    signIn: allow,
    refreshSession: allow,
    signOut: isTrader,
    signOutEverywhere: managesKeys,
    endSession: managesKeys,
    startSecondFactor: managesKeys,
    confirmSecondFactor: managesKeys,
    renewRecoveryCodes: managesKeys,
    removeSecondFactor: managesKeys,
    createApiKey: managesKeys,
    rotateApiKey: managesKeys,
    revokeApiKey: managesKeys,
    deposit: movesMoney,
    withdraw: needs('SEND_MONEY_OUT'),
    transfer: movesMoney,
    applyFunds: isService('order'),
  },
  Subscription: { balanceChanged: readsAccounts },
  // A key that reads orders alone still has to know which accounts there are: their ids.
  Viewer: {
    ...{ id: allow, name: allow, scopes: allow, accounts: allow },
    ...{ apiKeys: readsAccounts, sessions: readsAccounts, auditTrail: readsAccounts },
    ...{ secondFactor: readsAccounts },
  },
  Account: {
    id: allow,
    name: readsAccounts,
    kind: readsAccounts,
    tradingState: readsAccounts,
    role: readsAccounts,
    createdAt: readsAccounts,
    balances: readsAccounts,
    ledgerEntries: readsAccounts,
  },
  Balance: allow,
  Asset: allow,
  LedgerEntry: allow,
  LedgerEntryConnection: allow,
  LedgerEntryEdge: allow,
  PageInfo: allow,
  ApiKey: allow,
  SignedIn: allow,
  SignUpRefused: allow,
  SignInRefused: allow,
  AuditEntry: allow,
  AuditEntryConnection: allow,
  AuditEntryEdge: allow,
  SecondFactor: allow,
  SecondFactorStarted: allow,
  RecoveryCodesGiven: allow,
  SecondFactorRemoved: allow,
  SecondFactorRefused: allow,
  Session: allow,
  RefreshRefused: allow,
  SignOutEverywhereResult: allow,
  SessionEnded: allow,
  SessionNotFound: allow,
  SignOutResult: allow,
  ApiKeyCreated: allow,
  ApiKeyRotated: allow,
  ApiKeyRefused: allow,
  ApiKeyRevoked: allow,
  ApiKeyNotFound: allow,
  TransferApplied: allow,
  TransferRefused: allow,
  TransferIdConflict: allow,
  AccountNotFound: allow,
  BalanceSnapshot: allow,
  BalanceChange: allow,
  BalanceCause: allow,
  StreamResumed: allow,
  StreamGap: allow,
  StreamHeartbeat: allow,
  Authentication: allow,
  Principal: allow,
  PrincipalAccount: allow,
  FundsOutcome: allow,
};
