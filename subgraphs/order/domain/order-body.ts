import type { NewOrder } from './order-progress.ts';
import { NO_INSTRUCTIONS } from './order-instructions.ts';
import { amendableValues } from './order-amend.ts';
import { NO_LINK, type StopLeg } from './order-link.ts';
import { lifeOf } from './order-life.ts';
import { orderTypeOf } from './order-trigger.ts';
import type { Order } from './order.ts';

/** What an order was asked to be: for a stored one, before any changes. */
export type OrderBody = Omit<NewOrder, 'id'> & Partial<Pick<Order, 'amends'>>;

/**
 * The input fields in which two orders differ; none if they ask for the same. Decimals are compared
 * as numbers: trailing zeros make no difference.
 */
export function differingFields(left: OrderBody, right: OrderBody): readonly string[] {
  const [one, other] = [bodyOf(left), bodyOf(right)];
  return BODY_FIELDS.filter((field) => one[field] !== other[field]);
}

const BODY_FIELDS = [
  'symbol',
  'side',
  'orderType',
  'quantity',
  'quoteQuantity',
  'displayQuantity',
  'postOnly',
  'selfTradePrevention',
  'limitPrice',
  'timeInForce',
  'expireAt',
  'triggerPrice',
  'triggerSource',
  'trailingOffset',
  'stopLeg',
  'exit',
  'rfqId',
] as const;

function bodyOf(body: OrderBody): Readonly<Record<(typeof BODY_FIELDS)[number], unknown>> {
  const { symbol, side, terms, trigger = null } = body;
  const { quantity, limitPrice, triggerPrice, expireAt } =
    body.amends?.[0]?.before ?? valuesOf(body);
  const { stop, exit, rfqId } = body.link ?? NO_LINK;
  const timeInForce = lifeOf({ terms, trigger });
  const { quoteQuantity, ...instructions } = body.instructions ?? NO_INSTRUCTIONS;
  return {
    symbol,
    side,
    orderType: orderTypeOf(terms, trigger),
    ...instructions,
    quoteQuantity,
    // For an order by quote quantity it follows from the market.
    quantity: quoteQuantity === null ? quantity : null,
    limitPrice,
    timeInForce,
    // The end of the day follows from the time of arrival; it was not requested.
    expireAt: timeInForce === 'GTD' ? expireAt : null,
    triggerPrice,
    stopLeg: stop === null ? null : legText(stop),
    exit: exit === null ? null : `${exit.takeProfitPrice} ${exit.stop && legText(exit.stop)}`,
    rfqId,
    triggerSource: trigger?.source ?? null,
    trailingOffset:
      trigger?.trailing == null ? null : `${trigger.trailing.offset} ${trigger.trailing.type}`,
  };
}

function legText({ triggerPrice, source, limitPrice }: Omit<StopLeg, 'triggeredAt'>): string {
  return `${triggerPrice} ${source} ${limitPrice}`;
}

function valuesOf({ quantity, terms, trigger = null, expireAt = null }: OrderBody) {
  return amendableValues({ quantity, terms, trigger, expireAt });
}
