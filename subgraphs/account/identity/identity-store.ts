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

/** The port behind which users and what they may touch are kept. */
export interface IdentityStore {
  userById(id: UserId): Promise<User | null>;
  /** @param email in lower case */
  userByEmail(email: string): Promise<(User & { readonly passwordHash: string | null }) | null>;
  /**
   * Adds a person, and an account that they own; with the record, or neither.
   * @returns false, and nothing is added, when the e-mail address is taken
   */
  addPerson(
    user: User & { readonly passwordHash: string },
    account: Account,
    record: AuditRecord,
  ): Promise<boolean>;
  /** The accounts a user may touch, by account id. */
  grantsOf(userId: UserId): Promise<readonly AccountGrant[]>;
}
