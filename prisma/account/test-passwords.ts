import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/passwords/scrypt-password-hasher.ts';

/**
 * Hashes passwords at next to no cost, for tests of something else: at full cost, which has tests of its own, each takes
 * half a second of a core, and on a busy machine longer than a request may. A hash is verified at its own cost, so that
 * whoever is seeded with one signs in quickly everywhere.
 */
export function cheapPasswords(): PasswordHasher {
  return new ScryptPasswordHasher({ costLog2: 4 });
}
