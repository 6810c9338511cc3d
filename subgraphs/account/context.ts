import type { AccountId } from '#shared/domain/ids.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import type { CountedQuota } from '#shared/identity/counted-quota.ts';
import type { Viewer } from '#shared/identity/viewer.ts';
import type { FundsOutcome } from './domain/apply-funds.ts';
import type { LedgerCommand } from './domain/ledger-command.ts';
import type {
  CorrectionOutcome,
  CorrectionRequest,
  CorrectionRequester,
} from './domain/request-correction.ts';
import type {
  TransferOutcome,
  TransferRequest,
  TransferRequester,
} from './domain/request-transfer.ts';
import type { AccountFreezes } from './identity/account-freezes.ts';
import type { AuditTrail } from './identity/audit-trail.ts';
import type { Authenticate } from './identity/authenticate.ts';
import type { IdentityStore } from './identity/identity-store.ts';
import type { ManageApiKeys } from './identity/manage-api-keys.ts';
import type { Members } from './identity/members.ts';
import type { OwnAccounts } from './identity/own-accounts.ts';
import type { SignUp } from './identity/sign-up.ts';
import type { SignInWithToken } from './identity/sign-in-with-token.ts';
import type { SignIn } from './identity/sign-in.ts';
import type { SecondFactor } from './identity/second-factor.ts';
import type { Sessions } from './identity/sessions.ts';
import type { AccountLoaders } from './loaders.ts';
import type { RawBalanceStreamItem } from './streams/balance-stream.ts';

/** What the subgraph can do; the resolvers call nothing else. */
export interface AccountUseCases {
  readonly authenticate: Authenticate;
  readonly signUp: SignUp;
  readonly signIn: SignIn;
  readonly signInWithToken: SignInWithToken;
  readonly secondFactor: SecondFactor;
  readonly sessions: Sessions;
  readonly apiKeys: ManageApiKeys;
  readonly members: Members;
  readonly ownAccounts: OwnAccounts;
  readonly freezes: AccountFreezes;
  readonly trail: AuditTrail;
  readonly people: Pick<IdentityStore, 'userById'>;
  requestTransfer(requester: TransferRequester, request: TransferRequest): Promise<TransferOutcome>;
  requestCorrection(
    requester: CorrectionRequester,
    request: CorrectionRequest,
  ): Promise<CorrectionOutcome>;
  applyFunds(service: string, commands: readonly LedgerCommand[]): Promise<readonly FundsOutcome[]>;
  balanceStream(
    accountId: AccountId,
    after: string | null,
  ): AsyncGenerator<RawBalanceStreamItem, undefined>;
}

/** What a resolver gets: made once for each request, and for each subscription operation. */
export interface AccountContext {
  readonly viewer: Viewer;
  /** From where the viewer called; null for a service, and on streams. */
  readonly origin: ClientOrigin | null;
  readonly requestId: string;
  /** What the gateway counts of the viewer; null if nothing is counted, or asked for. */
  readonly quota: CountedQuota | null;
  readonly loaders: AccountLoaders;
  readonly useCases: AccountUseCases;
}
