import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { RequestSignature } from '#shared/identity/request-signature.ts';

const MESSAGES: Readonly<Record<string, string>> = {
  KEY_REVOKED: 'This API key has been revoked.',
  KEY_EXPIRED: 'This API key, or this secret of it, has expired.',
  SIGNATURE_NEEDED: 'Requests made with this API key must be signed.',
  SIGNATURE_INVALID: 'The signature does not match this API key and request.',
  TIMESTAMP_INVALID: 'The timestamp must be milliseconds since the epoch, like 1767225600000.',
  TIMESTAMP_TOO_OLD:
    'The receive window of the request is over. If skewMs is large, your clock is wrong.',
  TIMESTAMP_AHEAD: 'The timestamp of the signature is in the future by skewMs: set your clock.',
  WINDOW_INVALID: 'The receive window must be greater than 0 and at most 60000 milliseconds.',
  NONCE_INVALID: 'The nonce must have 1 to 64 characters of A-Z a-z 0-9 _ . : -',
  NONCE_USED: 'The nonce of this request has already been used.',
};

const IP_NOT_ALLOWED = 'IP_NOT_ALLOWED';

/** What libraries add to base64url, and the characters that plain base64 has instead. */
const OTHER_BASE64 = /[=+/]/;
const BASE64URL_NEEDED =
  'The signature, and the hash of the body that it covers, must be in base64url without padding: - and _ instead of + and /, and no = at the end.';

/**
 * The refusal of a credential, with its reason if it has one: an unknown key and a wrong secret have
 * none, so that they cannot be distinguished.
 */
export function refused(
  { reason, checkedAt }: { readonly reason: string | null; readonly checkedAt: string | null },
  { signature, address }: { readonly signature?: RequestSignature; readonly address?: string },
): DomainError {
  if (reason === IP_NOT_ALLOWED) return notFrom(address);
  const isOtherBase64 =
    reason === 'SIGNATURE_INVALID' && OTHER_BASE64.test(signature?.signature ?? '');
  const message = isOtherBase64 ? BASE64URL_NEEDED : MESSAGES[reason ?? ''];
  if (reason === null || message === undefined) return unauthenticated();
  const skew = isAboutTime(reason) ? skewOf(signature, checkedAt) : {};
  return new DomainError(DomainErrorCode.UNAUTHENTICATED, message, {
    reason,
    ...skew,
    http: { status: 401 },
  });
}

/**
 * Whether an error refuses a credential that some user has or had: only whoever has shown its secret is given one of
 * these reasons.
 */
export function isOfUser(cause: unknown): boolean {
  if (!(cause instanceof DomainError)) return false;
  const { reason } = cause.extensions;
  return (
    typeof reason === 'string' && (reason === IP_NOT_ALLOWED || Object.hasOwn(MESSAGES, reason))
  );
}

/** Whether the clocks differ too much. */
function isAboutTime(reason: string): boolean {
  return reason === 'TIMESTAMP_TOO_OLD' || reason === 'TIMESTAMP_AHEAD';
}

/** How far the client's clock is ahead of ours; negative if it is behind. */
function skewOf(signature: RequestSignature | undefined, serverTime: string | null): object {
  if (signature === undefined || serverTime === null) return {};
  return { serverTime, skewMs: Math.round(Number(signature.timestamp) - Date.parse(serverTime)) };
}

/** Names the address, because behind a translation a client does not know its own. */
function notFrom(address = 'an unknown IP address'): DomainError {
  const message = `This API key cannot be used from ${address}.`;
  return new DomainError(DomainErrorCode.FORBIDDEN, message, {
    reason: IP_NOT_ALLOWED,
    http: { status: 403 },
  });
}

/** Says nothing about any credential, only how to send one. */
export function malformed(): DomainError {
  return new DomainError(
    DomainErrorCode.UNAUTHENTICATED,
    'Send one credential: an API key, or "Bearer" with an API key or access token; not both.',
    { reason: 'CREDENTIAL_MALFORMED', http: { status: 401 } },
  );
}

/** The refusal of a credential that nobody has, or has no more. */
export function unauthenticated(): DomainError {
  return new DomainError(
    DomainErrorCode.UNAUTHENTICATED,
    'This credential is invalid or has expired.',
    {
      http: { status: 401 },
    },
  );
}
