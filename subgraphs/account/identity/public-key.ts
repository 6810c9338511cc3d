import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** 32 bytes in base64url, as `x` has them in a JWK. */
const FORM = /^[A-Za-z0-9_-]{43}$/;
const SIGNATURE_FORM = /^[A-Za-z0-9_-]{86}$/;

/** The public key of an Ed25519 key pair; null for text that cannot be one. */
export function parsePublicKey(text: string): KeyObject | null {
  if (!FORM.test(text)) return null;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
  } catch {
    return null;
  }
}

/** Whether a signature over a text was made with its private key. @param signature in base64url */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const key = parsePublicKey(publicKey);
  if (key === null || !SIGNATURE_FORM.test(signature)) return false;
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}
