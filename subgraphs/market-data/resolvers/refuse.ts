import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/** Refuses a request. @throws DomainError BAD_USER_INPUT with this message */
export function refuse(message: string): never {
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}
