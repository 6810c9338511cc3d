import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { AccountContext } from '../context.ts';
import type { Caller } from '../identity/audit/audit-record.ts';
import { callerOf } from './caller-of.ts';

/**
 * The user who asks, for what only signed-in users can do.
 * @throws DomainError FORBIDDEN if the request was made with an API key
 */
export function signedInCallerOf(context: AccountContext): Caller {
  const caller = callerOf(context);
  if (caller.viewer.credential.kind === 'session') return caller;
  throw new DomainError(
    DomainErrorCode.FORBIDDEN,
    'This request was made with an API key; only a signed-in user can do this.',
  );
}
