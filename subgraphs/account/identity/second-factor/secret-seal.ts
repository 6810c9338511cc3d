import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { keyFor } from '../derived-key.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps secrets that must be read again, so that the database alone reveals none of them. */
export interface SecretSeal {
  /** @param owner whose secret it is: it cannot be opened for another owner */
  seal(secret: Buffer, owner: string): string;
  /** Null for what was sealed for another owner or under another key, or changed since. */
  open(sealed: string, owner: string): Buffer | null;
}

/**
 * A seal by AES-256-GCM.
 * @param accessTokenKey its key is derived from this one; with another one, what was sealed before cannot be opened
 */
export function openSecretSeal(accessTokenKey: string): SecretSeal {
  const key = keyFor('deskgraph secret seal', accessTokenKey);
  return {
    seal: (secret, owner) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(owner))
          .setAuthTag(tag.subarray(0, TAG_BYTES));
        return Buffer.concat([decipher.update(tag.subarray(TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
