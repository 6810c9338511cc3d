import type { UserId } from '#shared/domain/ids.ts';
import type { AccountGrant } from '#shared/identity/viewer.ts';
import type { Account } from '../domain/account.ts';
import type { AuditRecord } from './audit/audit-record.ts';

/** A user who signs in, or whose key is used. */
export interface User {
  readonly id: UserId;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** A user, as needed for signing in. */
export interface KnownUser extends User {
  /** Null for a user who only has keys, or signs in through an OpenID Connect issuer. */
  readonly passwordHash: string | null;
  /**
   * Whether the desk vouches for the e-mail address, and not only the user who signed up with it.
   */
  readonly isEmailVerified: boolean;
}

/** The port for storing users and their roles. */
export interface IdentityStore {
  userById(id: UserId): Promise<User | null>;
  /** @param email in lower case */
  userByEmail(email: string): Promise<KnownUser | null>;
  /**
   * Adds a user, and an account that they own, with the audit record, or nothing.
   * @returns false, and nothing is added, if the e-mail address is taken
   */
  addPerson(user: KnownUser, account: Account, record: AuditRecord): Promise<boolean>;
  /** The accounts that a user can access, by account id. */
  grantsOf(userId: UserId): Promise<readonly AccountGrant[]>;
}
