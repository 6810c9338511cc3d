import { divideUp, SCALE, stepOfScale } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { VenueListing } from './venue-listing.ts';

/** Where a venue sets no limit. A trillion steps are far below what the matching engine can count. */
const MOST_STEPS = 10n ** 12n;
const MOST_NOTIONAL = moneyOfUnits(10n ** 15n * 10n ** BigInt(SCALE));

/** What the desk and not the venue decides of an instrument, and how it writes the two assets. */
export type DeskTerms = Pick<
  Instrument,
  | 'symbol'
  | 'base'
  | 'quote'
  | 'quoteScale'
  | 'makerFeeRate'
  | 'takerFeeRate'
  | 'collarRate'
  | 'maxQuoteAgeMs'
> & {
  /** Digits after the point of an amount of the base asset. */
  readonly baseScale: number;
};

/** An instrument of ours, or why the venue's listing cannot become one. */
export type ListedInstrument =
  | { readonly kind: 'instrument'; readonly instrument: Instrument }
  | { readonly kind: 'unfit'; readonly why: string };

/**
 * An instrument of ours with the terms of its venue, so that the venue would accept everything that
 * the desk accepts. If the venue's quantities are finer than price × quantity can be written in the
 * quote asset, the step is a multiple of the venue's.
 */
export function listedInstrument(
  listing: VenueListing,
  { baseScale, ...terms }: DeskTerms,
): ListedInstrument {
  const { tickSize } = listing;
  if (listing.quantityStep === 0n) return unfit('has no step of quantities');
  const priceScale = scaleOf(tickSize);
  if (priceScale > terms.quoteScale)
    return unfit(`has prices of ${priceScale} digits, and ${terms.quote} has ${terms.quoteScale}`);
  const finest = stepOfScale(Math.min(baseScale, terms.quoteScale - priceScale));
  const step = listing.quantityStep > finest ? listing.quantityStep : finest;
  if (step % listing.quantityStep !== 0n || step % finest !== 0n)
    return unfit('has quantities that cannot be written in its quote asset');
  const least = roundUp(listing.minQuantity ?? step, step);
  const most = lesser(listing.maxQuantity ?? step * MOST_STEPS, step * MOST_STEPS);
  if (most < least) return unfit('has no quantity that can be written in its quote asset');
  const instrument: Instrument = {
    ...terms,
    status: 'TRADING',
    priceScale,
    quantityScale: scaleOf(step),
    tickSize,
    quantityStep: quantityOfUnits(step),
    minQuantity: quantityOfUnits(least),
    maxQuantity: quantityOfUnits(most - (most % step)),
    minNotional: listing.minNotional ?? leastMoney(terms),
    maxNotional: listing.maxNotional ?? MOST_NOTIONAL,
  };
  return { kind: 'instrument', instrument };
}

function unfit(why: string): ListedInstrument {
  return { kind: 'unfit', why };
}

function leastMoney({ quoteScale }: Pick<DeskTerms, 'quoteScale'>): Money {
  return moneyOfUnits(stepOfScale(quoteScale));
}

/** Digits after the point that a count of 10^-18 needs. */
function scaleOf(units: bigint): number {
  let scale = SCALE;
  for (let rest = units; scale > 0 && rest % 10n === 0n; rest /= 10n) scale -= 1;
  return scale;
}

/** The least positive multiple of a step that is not below a value. */
function roundUp(value: bigint, step: bigint): bigint {
  const steps = divideUp(value, step);
  return (steps > 0n ? steps : 1n) * step;
}

function lesser(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
