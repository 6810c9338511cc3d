import { parseUnits } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';

/** A Decimal that a client sent, as a count of 10^-18; its scalar lets nothing else through. */
export function unitsOf(decimal: string): bigint {
  const units = parseUnits(decimal);
  invariant(units !== null, `the Decimal scalar let ${JSON.stringify(decimal)} through`);
  return units;
}
