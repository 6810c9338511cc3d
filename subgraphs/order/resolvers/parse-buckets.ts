import { DAY_MS } from '#shared/domain/clock.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { instantOf, type PeriodArguments } from '#shared/graphql/parse-period.ts';
import { MAX_INVENTORY_POINTS } from '../domain/rfq/desk-rfq-statistics.ts';

/**
 * The period of a day up to now, or what was given of it, in buckets.
 * @throws DomainError BAD_USER_INPUT unless `from` is before `to`, and when the buckets are too many, or none
 */
export function parseBuckets(args: PeriodArguments & { readonly bucketMs: number }, nowMs: number) {
  const { bucketMs } = args;
  const to = instantOf(args.to) ?? nowMs;
  const from = instantOf(args.from) ?? to - DAY_MS;
  if (from >= to) return refuse('Argument "from" must be before "to".');
  if (bucketMs < 1 || (to - from) / bucketMs >= MAX_INVENTORY_POINTS)
    return refuse(
      `Argument "bucketMs" must divide the period into fewer than ${MAX_INVENTORY_POINTS} buckets; it was ${bucketMs}.`,
    );
  return { from, to, bucketMs };
}

function refuse(message: string): never {
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}
