import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';

/** The most commands of one request. */
export const MAX_BATCH = 100;

/**
 * Checks how many commands a field of an input has.
 * @throws DomainError BAD_USER_INPUT for a batch that is empty or too large
 */
export function checkBatch(field: string, { length }: readonly unknown[]): void {
  if (length < 1 || length > MAX_BATCH)
    throw new DomainError(
      DomainErrorCode.BAD_USER_INPUT,
      `Field "${field}" must have 1 to ${MAX_BATCH} entries; it has ${length}.`,
    );
}
