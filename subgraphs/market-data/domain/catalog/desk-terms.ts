import { parseUnits } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';

/** What the desk and not a venue decides about an instrument; the same for all new ones. */
export const DESK_TERMS: Pick<
  Instrument,
  'makerFeeRate' | 'takerFeeRate' | 'collarRate' | 'maxQuoteAgeMs'
> = {
  makerFeeRate: rate('0.0008'),
  takerFeeRate: rate('0.001'),
  collarRate: rate('0.05'),
  maxQuoteAgeMs: 2000,
};

function rate(text: string): bigint {
  const units = parseUnits(text);
  invariant(units !== null, `${text} is no rate`);
  return units;
}
