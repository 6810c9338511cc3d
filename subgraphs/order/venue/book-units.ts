import { ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Execution, VenuePrevention, VenueTrade } from '../domain/ports/execution-venue.ts';
import type { IncomingOrder } from '../domain/book/incoming-order.ts';
import { instrumentUnits } from '../domain/instrument-units.ts';
import type { MatchOutcome, MatchStep, Residual } from '../domain/book/match-outcome.ts';
import type { NewRestingOrder, RestingOrder } from '../domain/book/resting-order.ts';
import { type BookPlace, type OpenOrder, unfilledQuantity } from '../domain/order.ts';
import { tradableLeft } from '../domain/quote-quantity.ts';

// Converts between orders, which have exact decimals, and their books, which count ticks and steps.

/** An order as it arrives at its book. */
export function incomingOf(order: OpenOrder, instrument: Instrument): IncomingOrder {
  const units = instrumentUnits(instrument);
  const { instructions, terms } = order;
  return {
    accountId: order.accountId,
    placedBy: order.placedBy,
    side: order.side,
    worstTicks: units.ticksOf(order.hold.worstPrice),
    quantitySteps: units.stepsOf(unfilledQuantity(order)),
    quoteBudget: quoteBudgetOf(order, instrument),
    orderType: terms.orderType,
    timeInForce: terms.timeInForce,
    postOnly: instructions.postOnly,
    selfTradePrevention: instructions.selfTradePrevention,
  };
}

/**
 * An order as it rests.
 * @param residual the rest of an order that has just arrived; if omitted, the whole unfilled quantity rests as before
 */
export function restingOf(
  order: OpenOrder,
  instrument: Instrument,
  residual?: Extract<Residual, { kind: 'rests' }>,
): NewRestingOrder {
  const units = instrumentUnits(instrument);
  const steps = residual?.quantitySteps ?? units.stepsOf(unfilledQuantity(order));
  const { displayQuantity } = order.instructions;
  const displaySteps = displayQuantity === null ? null : units.stepsOf(displayQuantity);
  const { shownQuantity } = order.state;
  const shownSteps =
    residual === undefined && shownQuantity !== null
      ? units.stepsOf(shownQuantity)
      : Math.min(steps, displaySteps ?? steps);
  return {
    orderId: order.id,
    accountId: order.accountId,
    placedBy: order.placedBy,
    priority: order.state.priority,
    side: order.side,
    priceTicks: residual?.priceTicks ?? units.ticksOf(order.hold.worstPrice),
    shownSteps,
    hiddenSteps: steps - shownSteps,
    displaySteps,
  };
}

/** The place of an order in its book. */
export function placeOf(
  { priority, shownSteps, displaySteps }: RestingOrder | NewRestingOrder,
  instrument: Instrument,
): BookPlace {
  const units = instrumentUnits(instrument);
  return { priority, shownQuantity: displaySteps === null ? null : units.quantityOf(shownSteps) };
}

/** The expected execution of an order. The places of makers afterwards are not known yet. */
export function executionOf(
  { steps, residual }: MatchOutcome,
  order: OpenOrder,
  instrument: Instrument,
): Execution {
  const units = instrumentUnits(instrument);
  const leaves = 'quantitySteps' in residual ? units.quantityOf(residual.quantitySteps) : ZERO;
  return {
    steps: steps.map((step) => stepOf(step, instrument)),
    leaves,
    residual: residualOf(residual, order, instrument),
  };
}

function residualOf(
  residual: Residual,
  order: OpenOrder,
  instrument: Instrument,
): Execution['residual'] {
  const { priceOf } = instrumentUnits(instrument);
  switch (residual.kind) {
    case 'rests': {
      const place = placeOf(restingOf(order, instrument, residual), instrument);
      return { kind: 'rests', price: priceOf(residual.priceTicks), place };
    }
    case 'rejected':
      return { kind: 'rejected', touchPrice: priceOf(residual.touchTicks) };
    case 'none':
    case 'expires':
    case 'goesOn':
    case 'prevented':
      return residual;
  }
}

const ZERO = quantityOfUnits(0n);

function stepOf(step: MatchStep, instrument: Instrument): VenueTrade | VenuePrevention {
  const { priceOf, quantityOf } = instrumentUnits(instrument);
  const price = priceOf(step.priceTicks);
  if (step.kind === 'match')
    return {
      kind: 'trade',
      makerOrderId: step.maker?.orderId ?? null,
      price,
      quantity: quantityOf(step.quantitySteps),
      makerPlace: null,
    };
  return {
    kind: 'prevention',
    makerOrderId: step.maker.orderId,
    mode: step.mode,
    price,
    takerQuantity: quantityOf(step.takerSteps),
    makerQuantity: quantityOf(step.makerSteps),
    makerPlace: null,
  };
}

/** In ticks × steps, each of which is worth one tick's price of one quantity step. */
function quoteBudgetOf(order: OpenOrder, instrument: Instrument): bigint | null {
  const left = tradableLeft(order, instrument);
  const { tickSize, quantityStep } = instrument;
  return left === null ? null : (left * ONE) / (tickSize * quantityStep);
}
