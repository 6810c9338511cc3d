import { parseUnits } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';

/**
 * Units of 10^-18 of a stored decimal, in a column or in JSON; null is invalid.
 * @throws Error (an invariant) if this subgraph cannot have written it
 */
export function unitsOf(text: string | null): bigint {
  const units = text === null ? null : parseUnits(text);
  invariant(units !== null, `a stored decimal is malformed: ${JSON.stringify(text)}`);
  return units;
}
