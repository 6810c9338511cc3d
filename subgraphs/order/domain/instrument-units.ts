import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';

/**
 * The edge between exact decimals and the matching engine's whole numbers. The engine only compares
 * ticks and adds or subtracts steps, never more than an order has, so safe integers stay safe.
 */
export interface InstrumentUnits {
  /** @throws Error (an invariant) for a price off the tick, not positive or of 2^53 ticks or more. */
  ticksOf(price: Price): number;
  /** @throws Error (an invariant) for a quantity off the step, zero or of 2^53 steps or more. */
  stepsOf(quantity: Quantity): number;
  priceOf(ticks: number): Price;
  quantityOf(steps: number): Quantity;
}

/** The units of one instrument: its ticks and quantity steps. */
export function instrumentUnits({
  tickSize,
  quantityStep,
}: Pick<Instrument, 'tickSize' | 'quantityStep'>): InstrumentUnits {
  return {
    ticksOf: (price) => wholeUnits(price, tickSize, 'price'),
    stepsOf: (quantity) => wholeUnits(quantity, quantityStep, 'quantity'),
    priceOf: (ticks) => priceOfUnits(BigInt(ticks) * tickSize),
    quantityOf: (steps) => quantityOfUnits(BigInt(steps) * quantityStep),
  };
}

/** Whether a number can stand for ticks or steps: an integer from 1 to 2^53 - 1. */
export function isWholeUnits(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** A count of ticks as a number; null if it cannot be matched, see {@link isWholeUnits}. */
export function wholeTicks(ticks: bigint): number | null {
  const count = Number(ticks);
  return isWholeUnits(count) ? count : null;
}

/** The most whole steps within a quantity that is not below zero. */
export function stepsWithin(
  quantity: bigint,
  { quantityStep }: Pick<Instrument, 'quantityStep'>,
): number {
  return Math.min(Number(quantity / quantityStep), Number.MAX_SAFE_INTEGER);
}

/** The most steps whose worth at a price is within a budget of ticks × steps. */
export function stepsWorth(budget: bigint, priceTicks: number): number {
  return Math.min(Number(budget / BigInt(priceTicks)), Number.MAX_SAFE_INTEGER);
}

function wholeUnits(value: bigint, unit: bigint, what: string): number {
  invariant(value % unit === 0n, `a ${what} of ${value} is no multiple of ${unit}`);
  const count = Number(value / unit);
  invariant(isWholeUnits(count), `a ${what} of ${count} units cannot be matched`);
  return count;
}
