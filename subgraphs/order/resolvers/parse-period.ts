import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { MAX_INVENTORY_POINTS } from '../domain/rfq/desk-rfq-statistics.ts';
import type { Period } from '../domain/period.ts';

const DAY_MS = 86_400_000;

interface PeriodArguments {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** The period of two arguments. @throws DomainError BAD_USER_INPUT unless `from` is before `to` */
export function parsePeriod({ from: fromText, to: toText }: PeriodArguments): Period {
  const [from, to] = [msOf(fromText), msOf(toText)];
  if (from !== null && to !== null && from >= to)
    return refuse('Argument "from" must be before "to".');
  return { from, to };
}

/**
 * The period of a day up to now, or what was given of it, in buckets.
 * @throws DomainError BAD_USER_INPUT as {@link parsePeriod}, and when the buckets are too many, or none
 */
export function parseBuckets(args: PeriodArguments & { readonly bucketMs: number }, nowMs: number) {
  const { bucketMs } = args;
  const to = msOf(args.to) ?? nowMs;
  const from = msOf(args.from) ?? to - DAY_MS;
  if (from >= to) return refuse('Argument "from" must be before "to".');
  if (bucketMs < 1 || (to - from) / bucketMs >= MAX_INVENTORY_POINTS)
    return refuse(
      `Argument "bucketMs" must divide the period into fewer than ${MAX_INVENTORY_POINTS} buckets; it was ${bucketMs}.`,
    );
  return { from, to, bucketMs };
}

function msOf(text: string | null | undefined): number | null {
  return text == null ? null : Date.parse(text);
}

function refuse(message: string): never {
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}
