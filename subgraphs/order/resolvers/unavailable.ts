import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { UnavailableError } from '../domain/unavailable-error.ts';

/** Tells an outage of ours as UNAVAILABLE, and everything else as it is. */
export async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof UnavailableError)
      throw new DomainError(DomainErrorCode.UNAVAILABLE, cause.message);
    throw cause;
  }
}
