import type { NewOrder } from './order-progress.ts';
import { NO_INSTRUCTIONS } from './order-instructions.ts';
import { type AmendableValues, amendableValues } from './order-amend.ts';
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
  const { quantity, limitPrice, triggerPrice, expireAt } = askedValues(body);
  const { exit, rfqId } = body.link ?? NO_LINK;
  const stop = askedStop(body);
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

/** The values before any changes; those of a stop leg are compared with the leg. */
function askedValues(body: OrderBody): AmendableValues {
  const values = body.amends?.[0]?.before ?? valuesOf(body);
  return body.link?.stop == null ? values : { ...values, triggerPrice: null };
}

/** The stop leg as it was before any changes. */
function askedStop({ link = NO_LINK, amends = [] }: OrderBody): StopLeg | null {
  const { stop } = link;
  const first = amends.find(({ before }) => before.stopLimitPrice !== null)?.before;
  if (stop === null || first?.triggerPrice == null || first.stopLimitPrice === null) return stop;
  return { ...stop, triggerPrice: first.triggerPrice, limitPrice: first.stopLimitPrice };
}

function legText({ triggerPrice, source, limitPrice }: Omit<StopLeg, 'triggeredAt'>): string {
  return `${triggerPrice} ${source} ${limitPrice}`;
}

function valuesOf({ quantity, terms, trigger = null, link = NO_LINK, expireAt = null }: OrderBody) {
  return amendableValues({ quantity, terms, trigger, link, expireAt });
}
