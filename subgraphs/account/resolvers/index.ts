import { DateTimeScalar, DecimalScalar } from '#shared/graphql/scalars.ts';
import type { Resolvers } from '../__generated__/graphql.ts';
import { Account } from './Account.ts';
import { AccountFreeze } from './AccountFreeze.ts';
import { AccountHistoryPoint } from './AccountHistoryPoint.ts';
import { ApiKey } from './ApiKey.ts';
import { Asset } from './Asset.ts';
import { AuditEntry } from './AuditEntry.ts';
import { Balance } from './Balance.ts';
import { BalanceCause } from './BalanceCause.ts';
import { BalanceChange } from './BalanceChange.ts';
import { BalanceSnapshot } from './BalanceSnapshot.ts';
import { LedgerEntry } from './LedgerEntry.ts';
import { MemberChange } from './MemberChange.ts';
import { acceptInvitation } from './Mutation/acceptInvitation.ts';
import { addWithdrawalAddress } from './Mutation/addWithdrawalAddress.ts';
import { applyFunds } from './Mutation/applyFunds.ts';
import { changePassword } from './Mutation/changePassword.ts';
import { closeAccount } from './Mutation/closeAccount.ts';
import { confirmSecondFactor } from './Mutation/confirmSecondFactor.ts';
import { correctLedgerEntry } from './Mutation/correctLedgerEntry.ts';
import { createApiKey } from './Mutation/createApiKey.ts';
import { deposit } from './Mutation/deposit.ts';
import { endSession } from './Mutation/endSession.ts';
import { inviteToAccount } from './Mutation/inviteToAccount.ts';
import { openAccount } from './Mutation/openAccount.ts';
import { refreshSession } from './Mutation/refreshSession.ts';
import { removeMember } from './Mutation/removeMember.ts';
import { removeSecondFactor } from './Mutation/removeSecondFactor.ts';
import { removeWithdrawalAddress } from './Mutation/removeWithdrawalAddress.ts';
import { renameAccount } from './Mutation/renameAccount.ts';
import { renewRecoveryCodes } from './Mutation/renewRecoveryCodes.ts';
import { revokeApiKey } from './Mutation/revokeApiKey.ts';
import { rotateApiKey } from './Mutation/rotateApiKey.ts';
import { setAccountFreeze } from './Mutation/setAccountFreeze.ts';
import { setSavedAddressesOnly } from './Mutation/setSavedAddressesOnly.ts';
import { signIn } from './Mutation/signIn.ts';
import { signInWithToken } from './Mutation/signInWithToken.ts';
import { signOut } from './Mutation/signOut.ts';
import { signOutEverywhere } from './Mutation/signOutEverywhere.ts';
import { signUp } from './Mutation/signUp.ts';
import { startSecondFactor } from './Mutation/startSecondFactor.ts';
import { transfer } from './Mutation/transfer.ts';
import { updateApiKey } from './Mutation/updateApiKey.ts';
import { withdraw } from './Mutation/withdraw.ts';
import { withdrawInvitations } from './Mutation/withdrawInvitations.ts';
import { account } from './Query/account.ts';
import { authenticate } from './Query/authenticate.ts';
import { viewer } from './Query/viewer.ts';
import { RailSuspension } from './RailSuspension.ts';
import { Session } from './Session.ts';
import { balanceChanged } from './Subscription/balanceChanged.ts';
import { Viewer } from './Viewer.ts';
import { WithdrawalAddress } from './WithdrawalAddress.ts';

/** Every resolver of the subgraph: one line for each file. */
export const resolvers: Resolvers = {
  Decimal: DecimalScalar,
  DateTime: DateTimeScalar,
  Query: { account, authenticate, viewer },
  Mutation: {
    acceptInvitation,
    addWithdrawalAddress,
    applyFunds,
    changePassword,
    closeAccount,
    confirmSecondFactor,
    correctLedgerEntry,
    createApiKey,
    deposit,
    endSession,
    inviteToAccount,
    openAccount,
    refreshSession,
    removeMember,
    removeSecondFactor,
    removeWithdrawalAddress,
    renameAccount,
    renewRecoveryCodes,
    revokeApiKey,
    rotateApiKey,
    setAccountFreeze,
    setSavedAddressesOnly,
    signIn,
    signInWithToken,
    signOut,
    signOutEverywhere,
    signUp,
    startSecondFactor,
    transfer,
    updateApiKey,
    withdraw,
    withdrawInvitations,
  },
  Subscription: { balanceChanged },
  Account,
  AccountFreeze,
  AccountHistoryPoint,
  ApiKey,
  Asset,
  AuditEntry,
  Balance,
  BalanceCause,
  BalanceChange,
  BalanceSnapshot,
  LedgerEntry,
  MemberChange,
  RailSuspension,
  Session,
  Viewer,
  WithdrawalAddress,
};
