import { parseUnits } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';

/** A stored `numeric`, read as text, as an exact count of 10^-18. @throws Error on anything else */
export function storedUnits(text: string): bigint {
  const units = parseUnits(text);
  invariant(units !== null, `a stored decimal is malformed: ${JSON.stringify(text)}`);
  return units;
}
