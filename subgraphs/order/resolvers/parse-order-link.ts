import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import type { ExitInput, StopLegInput } from '../__generated__/graphql.ts';
import type { ExitPlan, StopLeg } from '../domain/order-link.ts';
import { notExactlyOne } from './exactly-one.ts';
import { unitsOf } from './units-of.ts';

/** What follows an order. @throws DomainError BAD_USER_INPUT unless it is exactly one kind of exit */
export function parseExit(input: ExitInput): ExitPlan {
  const { takeProfitPrice, stop, bracket } = input;
  if ([takeProfitPrice, stop, bracket].filter((one) => one != null).length === 1) {
    if (takeProfitPrice != null) return { takeProfitPrice: priceOf(takeProfitPrice), stop: null };
    if (stop != null) return { takeProfitPrice: null, stop: parseStopLeg(stop) };
    if (bracket != null)
      return {
        takeProfitPrice: priceOf(bracket.takeProfitPrice),
        stop: parseStopLeg(bracket.stop),
      };
  }
  throw notExactlyOne('exit');
}

/** A leg of an input. */
export function parseStopLeg(input: StopLegInput): Omit<StopLeg, 'triggeredAt'> {
  const { triggerPrice, triggerSource = 'LAST_PRICE', limitPrice } = input;
  return {
    triggerPrice: priceOf(triggerPrice),
    source: triggerSource,
    limitPrice: priceOf(limitPrice),
  };
}

function priceOf(decimal: string): Price {
  return priceOfUnits(unitsOf(decimal));
}
