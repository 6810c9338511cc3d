import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/**
 * The error for an input that has none or several of the members of which it takes exactly one.
 * @param further what must also be true, such as of a flag
 */
export function notExactlyOne(field: string, further = ''): DomainError {
  const message = `Field "${field}" must have exactly one member${further}.`;
  return new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}
