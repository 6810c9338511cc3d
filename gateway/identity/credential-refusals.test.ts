import { expect, it } from 'vitest';
import type { RequestSignature } from '#shared/identity/request-signature.ts';
import { refused } from './credential-refusals.ts';

const SIGNED: Omit<RequestSignature, 'signature'> = {
  method: 'POST',
  path: '/graphql',
  timestamp: '1767225600000',
  receiveWindowMs: null,
  nonce: 'n',
  bodySha256: 'h',
};

it.each([
  ['with padding', 'ab-_==', 'without padding'],
  ['in plain base64', 'ab+/', 'without padding'],
  ['in base64url', 'ab-_', 'does not match this API key and request'],
])(
  'the refusal of a signature %s says which form is needed if that is why',
  (_form, signature, expected) => {
    const refusal = { reason: 'SIGNATURE_INVALID', checkedAt: null };
    const { message } = refused(refusal, { signature: { ...SIGNED, signature } });
    expect(message).toContain(expected);
  },
);
