import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** 32 bytes in base64url, as `x` has them in a JWK. */
const FORM = /^[A-Za-z0-9_-]{43}$/;
const SIGNATURE_FORM = /^[A-Za-z0-9_-]{86}$/;

const SIGN_BIT = 0x80;
/** The points of small order, in hexadecimal without their sign, and in each way to write them. */
const FORGEABLE: ReadonlySet<string> = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/**
 * The public key of an Ed25519 key pair; null for text that cannot be one. Nobody has a private key for a point of small
 * order, such as a placeholder of zeros, and anybody can sign for it.
 */
export function parsePublicKey(text: string): KeyObject | null {
  if (!FORM.test(text) || isForgeable(Buffer.from(text, 'base64url'))) return null;
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

function isForgeable(point: Buffer): boolean {
  const last = point.readUInt8(point.length - 1);
  const unsigned = Buffer.concat([point.subarray(0, -1), Buffer.of(last & ~SIGN_BIT)]);
  return FORGEABLE.has(unsigned.toString('hex'));
}
