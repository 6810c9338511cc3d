import type { Period } from '#shared/domain/period.ts';
import { DomainError, DomainErrorCode } from './domain-error.ts';

/** The arguments of a field that lists a period; either end can be omitted. */
export interface PeriodArguments {
  /** An instant in ISO 8601. */
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** The period of two arguments. @throws DomainError BAD_USER_INPUT unless `from` is before `to` */
export function parsePeriod({ from: fromText, to: toText }: PeriodArguments): Period {
  const [from, to] = [instantOf(fromText), instantOf(toText)];
  if (from !== null && to !== null && from >= to)
    throw new DomainError(DomainErrorCode.BAD_USER_INPUT, 'Argument "from" must be before "to".');
  return { from, to };
}

/** Milliseconds since the epoch; null for an omitted instant. */
export function instantOf(text: string | null | undefined): number | null {
  return text == null ? null : Date.parse(text);
}
