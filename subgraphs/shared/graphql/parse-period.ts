import type { Period } from '#shared/domain/period.ts';
import { DomainError, DomainErrorCode } from './domain-error.ts';

/** What a field takes that lists a period; either end can be left open. */
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

/** Milliseconds since the epoch; null for an instant that was left out. */
export function instantOf(text: string | null | undefined): number | null {
  return text == null ? null : Date.parse(text);
}
