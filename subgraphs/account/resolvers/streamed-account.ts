import type { AccountId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { AccountContext } from '../context.ts';
import type { Account } from '../domain/account.ts';

/** The account of a stream's event, as it is when the event is sent. */
export async function streamedAccount(
  { accountId }: { readonly accountId: AccountId },
  _args: object,
  { loaders }: AccountContext,
): Promise<Account> {
  const account = await loaders.accounts.load(accountId);
  invariant(account !== null, `the streamed account ${accountId} is gone`);
  return account;
}
