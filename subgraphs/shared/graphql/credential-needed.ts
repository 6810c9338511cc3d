import { DomainError, DomainErrorCode } from './domain-error.ts';

/** The error for a request without a credential that needs one: it says how to send one. */
export function credentialNeeded(details: Readonly<Record<string, unknown>> = {}): DomainError {
  return new DomainError(
    DomainErrorCode.UNAUTHENTICATED,
    'This requires a credential: send an API key as "x-api-key", or "Authorization: Bearer" with a key or an access token.',
    details,
  );
}
