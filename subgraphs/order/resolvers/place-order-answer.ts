import { assertNever } from '#shared/domain/invariant.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import { nearestRestingPrice } from '../domain/rules/nearest-valid.ts';
import type { PlaceOrderOutcome } from '../domain/use-cases/place-order.ts';
import type { OrderContext } from '../context.ts';
import type { Answered } from '../answered.ts';
import { accountNotFound, outcomeUnknown, timesOf } from './answers.ts';

type PlaceOrderAnswer = Awaited<ResolversTypes['PlaceOrderResult']>;

/** What became of an order that was placed, alone or in a batch, as a member of `PlaceOrderResult`. */
export function placeOrderAnswer(
  { outcome, ...answered }: Answered<PlaceOrderOutcome>,
  context: OrderContext,
): PlaceOrderAnswer {
  const times = timesOf(answered);
  switch (outcome.kind) {
    case 'accepted': {
      const { order, fills, replayed } = outcome;
      if (fills !== null) context.loaders.knowFills(order.id, fills);
      return { __typename: 'OrderAccepted', order, replayed, ...times };
    }
    case 'denied': {
      const { order, violations, replayed } = outcome;
      const all = { denial: violations[0], violations: [...violations] };
      return { __typename: 'OrderDenied', deniedOrder: order, ...all, replayed, ...times };
    }
    case 'rejected': {
      const { order, reason, replayed } = outcome;
      const about = { reason, rejectedOrder: order, ...touchOf(outcome, context), replayed };
      return { __typename: 'OrderRejected', ...about, ...times };
    }
    case 'conflict': {
      const { existing, differingFields } = outcome;
      const message = `This clientOrderId was already used for a different order. Differing fields: ${differingFields.join(', ')}.`;
      const conflict = { existing, differingFields: [...differingFields], message };
      return { __typename: 'ClientOrderIdConflict', ...conflict, ...times };
    }
    case 'unknown':
      return { ...outcomeUnknown(outcome), ...times };
    case 'accountNotFound':
      return accountNotFound(outcome);
    default:
      return assertNever(outcome, 'placeOrderAnswer');
  }
}

/** Why the book rejected the order, with the prices behind it. */
function touchOf(
  { order, reason, touchPrice }: Extract<PlaceOrderOutcome, { kind: 'rejected' }>,
  { instruments }: OrderContext,
) {
  const instrument = instruments.get(order.symbol);
  if (touchPrice === null || instrument === undefined)
    return {
      bestPrice: null,
      nearestValid: null,
      message: `The book rejected the order: ${reason}.`,
    };
  const text = (price: Price) => formatPrice(price, instrument.priceScale);
  const [bestPrice, nearest] = [
    text(touchPrice),
    nearestRestingPrice(order.side, touchPrice, instrument),
  ];
  const nearestValid = nearest === null ? null : text(nearest);
  const message = `The post-only order would take liquidity: the best price is ${bestPrice}.`;
  return { bestPrice, nearestValid, message };
}
