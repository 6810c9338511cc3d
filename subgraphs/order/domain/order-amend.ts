import { formatMoney, type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';
import type { UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { formatQuantity, type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { holdAmount, quantityWithin } from './hold-amount.ts';
import { denial, type OrderDenial } from './rules/order-denial.ts';
import { lifeOf } from './order-life.ts';
import { type StopLeg, waitingStop } from './order-link.ts';
import {
  isWaiting,
  limitPriceOf,
  type OpenOrder,
  type OrderTerms,
  unfilledQuantity,
} from './order.ts';

/** How many changes one order can have. */
export const MAX_AMENDS_PER_ORDER = 100;

/** The changeable values of an order; null if the order has no such value. */
export interface AmendableValues {
  /** The whole quantity, not the rest. */
  readonly quantity: Quantity;
  readonly limitPrice: Price | null;
  /** What the order waits for, or its stop leg. */
  readonly triggerPrice: Price | null;
  /** Of a stop leg that waits; null for an amend that was stored before it could be changed. */
  readonly stopLimitPrice: Price | null;
  /** Milliseconds since the epoch. */
  readonly expireAt: number | null;
}

/** What a client wants changed; omitted values stay. */
export type OrderChanges = {
  readonly [Name in keyof AmendableValues]?: NonNullable<AmendableValues[Name]>;
};

/** One change that was made, in the order's list of changes. */
export interface OrderAmend {
  /** The client's id for it, unique within the order; or one of {@link OWN_AMENDS}. */
  readonly amendId: string;
  /** What the client asked for; null if the desk made it, or it was not recorded yet. */
  readonly asked: OrderChanges | null;
  readonly before: AmendableValues;
  readonly after: AmendableValues;
  /** Whether the order kept its place in the book. */
  readonly priorityKept: boolean;
  /** The amendId of the change that waited for a larger hold meanwhile, and is refused for this one; null if none did. */
  readonly supersedes: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The amend that moved a post-only order when it reached the book. */
export const POST_ONLY_AMEND = 'post-only';
/** The amend by which an order continued at the price of its other leg. */
export const STOP_LEG_AMEND = 'stop-leg';
/** The desk's own changes: no client's change has such an id. */
export const OWN_AMENDS: readonly string[] = [POST_ONLY_AMEND, STOP_LEG_AMEND];

/** The differences between a change that was made, or is requested, and another one with its id. */
export function differingChanges(
  asked: OrderChanges | null,
  changes: OrderChanges,
): readonly string[] {
  if (asked === null) return [];
  const names = ['quantity', 'limitPrice', 'triggerPrice', 'stopLimitPrice', 'expireAt'] as const;
  return names.filter((name) => asked[name] !== changes[name]);
}

/**
 * The limit price that was last requested, if post-only has moved it; null if the order has what
 * was requested.
 */
export function requestedLimitPrice({ amends }: Pick<OpenOrder, 'amends'>): Price | null {
  const last = amends.findLast(
    ({ asked, before, after }) =>
      asked?.limitPrice !== undefined || before.limitPrice !== after.limitPrice,
  );
  return last?.amendId === POST_ONLY_AMEND ? last.before.limitPrice : null;
}

/** How often an order was changed, and one. */
export function versionOf({ amends }: Pick<OpenOrder, 'amends'>): number {
  return amends.length + 1;
}

/** A change that is made now, whether or not another one waits for a larger hold. */
export function madeAmend(
  { state }: Pick<OpenOrder, 'state'>,
  amend: Omit<OrderAmend, 'supersedes'>,
): OrderAmend {
  const supersedes = state.status === 'PENDING_UPDATE' ? state.pending.amendId : null;
  return { ...amend, supersedes };
}

/**
 * TOO_LATE: the stop leg took over, a post-only order was moved, or the order was reduced while a change waited for a
 * larger hold: it was not meant for that, however often it is repeated. Null if nothing of this happened.
 */
export function supersededDenial(
  order: Pick<OpenOrder, 'amends'>,
  amendId: string,
): OrderDenial | null {
  const position = order.amends.findIndex(({ supersedes }) => supersedes === amendId);
  if (position === -1) return null;
  const [limit, actual] = [`${position + 1}`, `${versionOf(order)}`];
  const message = 'The order changed before the funds for the amend were held.';
  return denial('TOO_LATE', message, { rule: 'version', limit, actual });
}

/** The values of an order as they are now. */
export function amendableValues(
  order: Pick<OpenOrder, 'quantity' | 'terms' | 'trigger' | 'link' | 'expireAt'>,
): AmendableValues {
  const { quantity, terms, trigger, link, expireAt } = order;
  const stop = waitingStop(link);
  const own = trigger?.trailing === null ? trigger.triggerPrice : null;
  return {
    quantity,
    limitPrice: limitPriceOf(terms),
    triggerPrice: stop?.triggerPrice ?? own,
    stopLimitPrice: stop?.limitPrice ?? null,
    expireAt,
  };
}

/** An open order with other values; its hold and its place are unchanged. */
export function withChanges(order: OpenOrder, changes: OrderChanges): OpenOrder {
  const { quantity, limitPrice, triggerPrice, stopLimitPrice, expireAt } = changes;
  const { terms, trigger, link } = order;
  const stop = waitingStop(link);
  const changedTerms: OrderTerms =
    terms.orderType === 'LIMIT' && limitPrice !== undefined ? { ...terms, limitPrice } : terms;
  return {
    ...order,
    quantity: quantity ?? order.quantity,
    terms: changedTerms,
    trigger:
      trigger === null || triggerPrice === undefined ? trigger : { ...trigger, triggerPrice },
    link: stop === null ? link : { ...link, stop: movedStop(stop, triggerPrice, stopLimitPrice) },
    expireAt: expireAt ?? order.expireAt,
  };
}

function movedStop(
  stop: StopLeg,
  triggerPrice = stop.triggerPrice,
  limitPrice = stop.limitPrice,
): StopLeg {
  return { ...stop, triggerPrice, limitPrice };
}

/** INVALID_COMBINATION: a change of a value that the order does not have, or no longer. */
export function unchangeable(order: OpenOrder, changes: OrderChanges): OrderDenial | null {
  const refuse = (rule: string, message: string) =>
    denial('INVALID_COMBINATION', message, { rule });
  if (Object.keys(changes).length === 0) return refuse('changes', 'There is nothing to change.');
  if (changes.limitPrice !== undefined && order.terms.orderType !== 'LIMIT')
    return refuse('limitPrice', 'The order has no limit price.');
  const hasStop = waitingStop(order.link) !== null;
  const canMove = hasStop || (isWaiting(order) && order.trigger?.trailing === null);
  if (changes.triggerPrice !== undefined && !canMove)
    return refuse(
      'triggerPrice',
      'The order is not waiting for a trigger price that can be changed.',
    );
  if (changes.stopLimitPrice !== undefined && !hasStop)
    return refuse('stopLimitPrice', 'The order has no stop leg that waits.');
  if (changes.expireAt !== undefined && lifeOf(order) !== 'GTD')
    return refuse('expireAt', 'Only a GTD order has an expireAt that can be changed.');
  return null;
}

/** Whether an order keeps its place in the book: if only its quantity gets smaller. */
export function keepsPriority(before: AmendableValues, after: AmendableValues): boolean {
  return before.limitPrice === after.limitPrice && after.quantity <= before.quantity;
}

/** Whether a change only makes an order smaller, or lets it expire earlier. */
export function isOnlyLess(before: AmendableValues, after: AmendableValues): boolean {
  return (
    keepsPriority(before, after) &&
    before.triggerPrice === after.triggerPrice &&
    before.stopLimitPrice === after.stopLimitPrice &&
    (after.expireAt ?? 0) <= (before.expireAt ?? 0)
  );
}

/**
 * The user an order counts for in self-trade prevention after a change: whoever sets its price,
 * enlarges it or lets it live longer. Otherwise a member of a shared account could move somebody
 * else's order into their own, or keep it until the market has left its price.
 * @param askedBy null if it is not known
 */
export function placedByAfter(
  order: Pick<OpenOrder, 'placedBy'>,
  before: AmendableValues,
  after: AmendableValues,
  askedBy: UserId | null,
): UserId | null {
  return askedBy === null || isOnlyLess(before, after) ? order.placedBy : askedBy;
}

/** What a changed order needs beyond its hold, in the hold's asset; zero if the hold is enough. */
export function holdShortfall(
  changed: OpenOrder,
  worstPrice: Price,
  { quoteScale }: Pick<Instrument, 'quoteScale'>,
): Money {
  const { side, hold } = changed;
  const needed = holdAmount(side, worstPrice, unfilledQuantity(changed), { ...hold, quoteScale });
  return needed > hold.remaining ? moneyOfUnits(needed - hold.remaining) : ZERO_MONEY;
}

/** NOTIONAL_EXCEEDS_FREE_BALANCE: a change needs more than is free. @param free null if unknown */
export function growthDenial(
  changed: OpenOrder,
  worstPrice: Price,
  instrument: Instrument,
  free: Money | null,
): OrderDenial {
  const { side, hold, filledQuantity, preventedQuantity } = changed;
  const rates = { ...hold, quoteScale: instrument.quoteScale };
  const growth = holdShortfall(changed, worstPrice, instrument);
  const scale = side === 'BUY' ? instrument.quoteScale : instrument.quantityScale;
  const [limit, actual] = [
    free === null ? null : formatMoney(free, scale),
    formatMoney(growth, scale),
  ];
  const within = moneyOfUnits(hold.remaining + (free ?? 0n));
  const affordable = quantityWithin(side, worstPrice, within, instrument.quantityStep, rates);
  const nearest = quantityOfUnits(filledQuantity + preventedQuantity + affordable);
  const compared = limit === null ? 'less is free' : `${limit} is free`;
  const message = `The amend needs ${actual} ${hold.asset} more; ${compared}.`;
  return denial('NOTIONAL_EXCEEDS_FREE_BALANCE', message, {
    rule: 'freeBalance',
    limit,
    actual,
    nearestValid: affordable === 0n ? null : formatQuantity(nearest, instrument.quantityScale),
  });
}
