import { parseAccountId } from '#shared/domain/ids.ts';
import type { AccountRole } from '#shared/identity/viewer.ts';
import { withStores } from './with-stores.ts';
import { userOf } from './user-of.ts';

const REFUSALS = {
  ALREADY_MEMBER: 'is a member of the account already; removeMember ends that',
  TOO_MANY_MEMBERS: 'has no place: the account has as many members as it can have',
  TOO_MANY_ACCOUNTS: 'has no place: they are a member of as many accounts as they can be',
} as const;

/** The user, the account and the role, as text. */
export interface MemberRequest {
  /** The id that `viewer { id }` returns; an email address would not do, because anyone can sign up with one. */
  readonly userId: string;
  readonly accountId: string;
  readonly role: AccountRole;
}

/**
 * Makes a user a member of an account without an invitation, which the desk's first member needs.
 * @returns a sentence that names the member and the role
 * @throws Error with one clear sentence if there is no such user or account, or a limit is reached
 */
export function addMember(databaseUrl: string, request: MemberRequest): Promise<string> {
  return withStores(databaseUrl, async (stores, atMs) => {
    const user = await userOf(stores, request.userId);
    const id = parseAccountId(request.accountId);
    const [account] = id === null ? [] : await stores.accounts.accounts([id]);
    if (account === undefined)
      throw new Error(`There is no account ${JSON.stringify(request.accountId)}.`);
    const grant = { accountId: account.id, role: request.role };
    const refusal = await stores.provisioning.addMember(user.id, grant, atMs);
    if (refusal !== null) throw new Error(`${user.name} (${user.id}) ${REFUSALS[refusal]}.`);
    return `${user.name} (${user.id}) is ${request.role} of ${account.id} now.`;
  });
}
