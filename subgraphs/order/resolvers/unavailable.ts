import { rateLimited, unavailable } from '#shared/graphql/domain-error.ts';
import { SERVED_ELSEWHERE } from '#shared/subgraph/served-elsewhere.ts';
import { NotOwnerError } from '../domain/ports/not-owner-error.ts';
import { TooManyPreviewsError } from '../domain/ports/too-many-previews-error.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';

/** Reports an outage of ours as UNAVAILABLE, with whether anything can have been done, and everything else as it is. */
export async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof TooManyPreviewsError) throw rateLimited(cause.message);
    if (!(cause instanceof UnavailableError)) throw cause;
    const outcome = cause instanceof NotOwnerError ? 'NOT_APPLIED' : 'UNKNOWN';
    throw unavailable(outcome, cause.message);
  }
}

/** Says of a stream that only the owner of the books has that it must be opened there; throws everything else as it is. */
export async function orServedElsewhere<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof NotOwnerError)) throw cause;
    throw unavailable('NOT_APPLIED', cause.message, { reason: SERVED_ELSEWHERE });
  }
}
