import type { UserId } from '#shared/domain/ids.ts';
import type { AccountGrant } from '#shared/identity/viewer.ts';

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
  /** The accounts a user may touch, by account id. */
  grantsOf(userId: UserId): Promise<readonly AccountGrant[]>;
}
