import type { UserId } from '#shared/domain/ids.ts';
import type { AccountGrant } from '#shared/identity/viewer.ts';
import type { Account } from '../domain/account.ts';
import type { AuditRecord } from './audit-record.ts';

/** A person who signs in, or on whose behalf a key acts. */
export interface User {
  readonly id: UserId;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** A user as sign-ins look at them. */
export interface KnownUser extends User {
  /** Null for who has keys only, or signs in by an outside issuer. */
  readonly passwordHash: string | null;
  /** Whether the desk vouches for the e-mail address, and not only who signed up with it. */
  readonly isEmailVerified: boolean;
}

/** The port behind which users and what they may touch are kept. */
export interface IdentityStore {
  userById(id: UserId): Promise<User | null>;
  /** @param email in lower case */
  userByEmail(email: string): Promise<KnownUser | null>;
  /**
   * Adds a person, and an account that they own; with the record, or neither.
   * @returns false, and nothing is added, when the e-mail address is taken
   */
  addPerson(user: KnownUser, account: Account, record: AuditRecord): Promise<boolean>;
  /** The accounts a user may touch, by account id. */
  grantsOf(userId: UserId): Promise<readonly AccountGrant[]>;
}
