import { type ComparisonTokenId, parseComparisonTokenId } from '#shared/domain/ids.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/** The token of an input; null if none is given. @throws DomainError BAD_USER_INPUT if it can be none */
export function parseComparisonToken(text: string | null | undefined): ComparisonTokenId | null {
  if (text == null) return null;
  const id = parseComparisonTokenId(text);
  if (id !== null) return id;
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, 'Field "comparisonToken" is malformed.');
}
