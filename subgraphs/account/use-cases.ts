import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { SendingTurns } from '#shared/events/sending-turns.ts';
import type { Account } from './domain/account.ts';
import { historyOf, type HistoryPoint, type HistoryQuery } from './domain/account-history.ts';
import { applyFunds, type FundsOutcome } from './domain/apply-funds.ts';
import type { LedgerCommand } from './domain/ledger-command.ts';
import {
  type CorrectionOutcome,
  type CorrectionRequest,
  type CorrectionRequester,
  requestCorrection,
} from './domain/request-correction.ts';
import {
  requestTransfer,
  type TransferOutcome,
  type TransferRequest,
  type TransferRequester,
} from './domain/request-transfer.ts';
import { AccountClosures } from './identity/accounts/account-closures.ts';
import { AccountFreezes } from './identity/accounts/account-freezes.ts';
import { apiKeySecrets } from './identity/api-keys/api-key-secrets.ts';
import { AuditTrail } from './identity/audit/audit-trail.ts';
import { Authenticate } from './identity/authenticate.ts';
import type { AccessTokens, PasswordHasher, RefreshTokenSecrets } from './identity/credentials.ts';
import { FailedSignIns } from './identity/sign-in/failed-sign-ins.ts';
import { FailureLock } from './identity/failure-lock.ts';
import { KnownNetworks } from './identity/known-networks.ts';
import { ManageApiKeys } from './identity/api-keys/manage-api-keys.ts';
import { Sessions } from './identity/sessions/sessions.ts';
import { ChangePassword } from './identity/passwords/change-password.ts';
import { IdentityProof } from './identity/second-factor/identity-proof.ts';
import type { IdentityStore } from './identity/identity-store.ts';
import { Members } from './identity/accounts/members.ts';
import { MoneyGate } from './identity/withdrawals/money-gate.ts';
import { newIds } from './identity/new-ids.ts';
import { OwnAccounts } from './identity/accounts/own-accounts.ts';
import { SecondFactor } from './identity/second-factor/second-factor.ts';
import { SessionCode } from './identity/second-factor/session-code.ts';
import type { SecretSeal } from './identity/second-factor/secret-seal.ts';
import type { OutsideIssuer } from './identity/sign-in/outside-issuer.ts';
import { PasswordTries } from './identity/passwords/password-tries.ts';
import { SignInCode } from './identity/sign-in/sign-in-code.ts';
import { SignInWithToken } from './identity/sign-in/sign-in-with-token.ts';
import { SignIn } from './identity/sign-in/sign-in.ts';
import { SignedRequests } from './identity/api-keys/signed-requests.ts';
import { SignUp } from './identity/sign-in/sign-up.ts';
import { WithdrawalAddresses } from './identity/withdrawals/withdrawal-addresses.ts';
import type { AccountStores } from './store/open-account-stores.ts';
import { balanceStream, type RawBalanceStreamItem } from './streams/balance-stream.ts';

/** Many users may share one address: an office, a mobile network. */
const TRIES_PER_ADDRESS = 20;

const HOUR_MS = 60 * 60_000;

/**
 * Three codes of a million are right at a time. Someone with a stolen password has fifty tries on the first day and
 * twenty on each further one: in a year a code is found twice in a hundred times.
 */
const CODE_LIMITS = { longestLockMs: 6 * HOUR_MS, forgottenMs: 7 * 24 * HOUR_MS };

/** A session lives for up to thirty days, no password is asked for on the way, and the user is not in a hurry. */
const SESSION_CODE_LIMITS = { ...CODE_LIMITS, lockMs: HOUR_MS };

/** What the subgraph can do; the resolvers call nothing else. */
export interface AccountUseCases {
  readonly authenticate: Authenticate;
  readonly signUp: SignUp;
  readonly signIn: SignIn;
  readonly signInWithToken: SignInWithToken;
  readonly changePassword: ChangePassword;
  readonly secondFactor: SecondFactor;
  readonly withdrawalAddresses: WithdrawalAddresses;
  readonly moneyGate: MoneyGate;
  readonly sessionCode: SessionCode;
  readonly sessions: Sessions;
  readonly apiKeys: ManageApiKeys;
  readonly members: Members;
  readonly ownAccounts: OwnAccounts;
  readonly freezes: AccountFreezes;
  readonly closures: AccountClosures;
  readonly trail: AuditTrail;
  readonly users: Pick<IdentityStore, 'userById'>;
  requestTransfer(requester: TransferRequester, request: TransferRequest): Promise<TransferOutcome>;
  requestCorrection(
    requester: CorrectionRequester,
    request: CorrectionRequest,
  ): Promise<CorrectionOutcome>;
  applyFunds(service: string, commands: readonly LedgerCommand[]): Promise<readonly FundsOutcome[]>;
  /** See {@link historyOf}. */
  history(account: Account, query: HistoryQuery): readonly HistoryPoint[];
  /** @param userId whose turn it is to be sent many changes */
  balanceStream(
    userId: UserId,
    accountId: AccountId,
    after: string | null,
  ): AsyncGenerator<RawBalanceStreamItem, undefined>;
}

/** What the use cases are built from. */
export interface UseCaseParts {
  readonly stores: AccountStores;
  readonly tokens: AccessTokens;
  readonly refreshTokens: RefreshTokenSecrets;
  readonly seal: SecretSeal;
  readonly passwords: PasswordHasher;
  /** An OpenID Connect issuer whose word about users counts; null for none. */
  readonly issuer: OutsideIssuer | null;
  /** Whether strangers can sign up. */
  readonly signUp: boolean;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Receives what fails beside a request. */
  readonly report: (cause: unknown) => void;
}

/** Everything the subgraph can do, on its stores; one for the process. */
export function createUseCases(parts: UseCaseParts): AccountUseCases {
  const { stores, bus, clock } = parts;
  const { identity, ledger, accounts } = stores;
  const credentials = createCredentialUseCases(parts);
  const { secondFactor } = credentials;
  const code = new SessionCode(secondFactor);
  const members = new Members({ store: stores.members, code, clock });
  const turns = new SendingTurns();
  return {
    ...credentials,
    sessionCode: code,
    withdrawalAddresses: new WithdrawalAddresses({
      store: stores.withdrawalAddresses,
      accounts,
      secondFactor,
      code,
      ids: newIds,
      clock,
    }),
    moneyGate: new MoneyGate({ standings: stores.standings, clock }),
    apiKeys: new ManageApiKeys({ keys: stores.apiKeys, secrets: apiKeySecrets, code, clock }),
    members,
    ownAccounts: new OwnAccounts({
      store: stores.ownAccounts,
      keys: stores.apiKeys,
      ids: newIds,
      clock,
    }),
    freezes: new AccountFreezes({ store: stores.freezes, members, code, clock }),
    closures: new AccountClosures({ store: stores.closures, accounts, members, code, clock }),
    users: identity,
    trail: new AuditTrail({ store: stores.audit, clock }),
    requestTransfer: (requester, request) => requestTransfer(ledger, requester, request),
    requestCorrection: (requester, request) =>
      requestCorrection({ ledger, entries: stores.entries }, requester, request),
    applyFunds: (service, commands) => applyFunds(ledger, service, commands),
    history: (account, query) => historyOf(account, query, clock.now()),
    balanceStream: (userId, accountId, after) => {
      const takeTurn = () => turns.take(userId);
      return balanceStream({ bus, accounts, clock, takeTurn, accountId, after });
    },
  };
}

function createSecondFactor({
  stores,
  tries,
  issuer,
  ...parts
}: Pick<UseCaseParts, 'stores' | 'seal' | 'issuer' | 'clock'> & {
  readonly tries: PasswordTries;
  readonly failed: FailedSignIns;
  readonly knownNetworks: KnownNetworks;
}): SecondFactor {
  const { failed, clock } = parts;
  const proven = { store: stores.passwords, identities: stores.outsideIdentities };
  return new SecondFactor({
    ...parts,
    proof: new IdentityProof({ ...proven, tries, issuer, failed, clock }),
    store: stores.secondFactors,
    users: stores.identity,
    failures: new FailureLock(clock, CODE_LIMITS),
    sessionFailures: new FailureLock(clock, SESSION_CODE_LIMITS),
  });
}

/** The ways to sign in, and to check what was issued then; they share locks and sessions. */
function createCredentialUseCases({ stores, tokens, clock, ...parts }: UseCaseParts) {
  const [{ identity }, { passwords, refreshTokens, seal, report }] = [stores, parts];
  const knownNetworks = new KnownNetworks(clock);
  const sessions = new Sessions({
    store: stores.sessions,
    accessTokens: tokens,
    refreshTokens,
    ids: newIds,
    knownNetworks,
    clock,
  });
  const failed = new FailedSignIns({ trail: stores.audit, report, clock });
  const tries = new PasswordTries({
    passwords,
    knownNetworks,
    failures: new FailureLock(clock),
    addressFailures: new FailureLock(clock, { maxTries: TRIES_PER_ADDRESS }),
  });
  const { issuer } = parts;
  const shared = { stores, clock, seal, issuer, failed, tries, knownNetworks };
  const secondFactor = createSecondFactor(shared);
  const code = new SignInCode({ secondFactor, failed });
  const signed = new SignedRequests({ nonces: stores.nonces, clock });
  const keys = { keys: stores.apiKeys, secrets: apiKeySecrets, signed };
  return {
    authenticate: new Authenticate({ ...keys, identity, sessions, tokens, clock, report }),
    signIn: new SignIn({ identity, tries, code, failed, sessions }),
    changePassword: new ChangePassword({
      store: stores.passwords,
      passwords,
      tries,
      failed,
      code,
      refreshTokens,
      sessions,
      clock,
    }),
    signInWithToken: new SignInWithToken({
      issuer,
      store: stores.outsideIdentities,
      users: identity,
      code,
      sessions,
      clock,
    }),
    signUp: new SignUp({
      isOpen: parts.signUp,
      identity,
      passwords,
      sessions,
      ids: newIds,
      clock,
      tries: new FailureLock(clock),
    }),
    secondFactor,
    sessions,
  };
}
