import type { HouseLevel, HouseLevels, HouseTake } from '../house-liquidity.ts';
import { type IncomingOrder, isWithin, mayRest } from './incoming-order.ts';
import { NO_LIMIT } from './match-limit.ts';
import type { MatchOutcome, MatchStep, Residual } from './match-outcome.ts';
import type { OrderBook } from './order-book.ts';
import { type ExpireReason, oppositeOf, type OrderSide } from '../order.ts';
import type { BookLevel, RestingOrder } from './resting-order.ts';
import { Taker } from './taker.ts';
import { walkLevel } from './walk-level.ts';

const NONE: Residual = { kind: 'none' };
const PREVENTED: Residual = { kind: 'prevented' };

/**
 * Matches an incoming order: best price first; at one price client orders, the oldest first, and
 * then the house. The tests come in this order: post-only, fill or kill, self-trade. It changes
 * nothing, so that the same walk can answer a preview; {@link executeSteps} makes the changes.
 * @param limit which orders and levels of the house it can meet now; a fill-or-kill order does
 *   nothing if these are too few
 */
export function matchOrder(
  book: OrderBook,
  house: HouseLevels,
  incoming: IncomingOrder,
  limit = NO_LIMIT,
): MatchOutcome {
  if (incoming.postOnly !== 'OFF') return postOrder(book, house, incoming);
  const taker = new Taker(incoming, limit);
  const end = walkBook(book, house, incoming, taker);
  const isWhole = incoming.timeInForce === 'FOK';
  if (end === 'isFull') {
    const quantitySteps = isWhole ? incoming.quantitySteps : taker.leaves;
    return { steps: isWhole ? [] : taker.steps, residual: { kind: 'goesOn', quantitySteps } };
  }
  const isKilled = isWhole && !isFilled(incoming, taker);
  return isKilled
    ? { steps: [], residual: expires(incoming.quantitySteps, 'UNFILLED_FOK_ORDER') }
    : { steps: taker.steps, residual: residualOf(incoming, taker, end === 'hasMore') };
}

/**
 * Applies the steps to the book; {@link houseTakes} returns what they take from the house.
 * @param nextPriority gives a new priority to an iceberg each time it shows again
 * @param changed called for each resting order that a step has changed, with its new place
 */
export function executeSteps(
  book: OrderBook,
  steps: readonly MatchStep[],
  nextPriority: () => number,
  changed?: (stepIndex: number, maker: RestingOrder | null) => void,
): void {
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined || step.maker === null) continue;
    if (step.kind === 'match') {
      const left = book.fill(step.maker, step.quantitySteps, nextPriority);
      changed?.(index, left);
    } else if (step.makerSteps > 0) {
      const left = book.reduce(step.maker.priority, step.makerSteps);
      changed?.(index, left);
    }
  }
}

/** What the steps of an incoming order of this side take from the house. */
export function houseTakes(incoming: OrderSide, steps: readonly MatchStep[]): HouseTake[] {
  const side = oppositeOf(incoming);
  return steps.flatMap(({ maker, priceTicks, ...step }) =>
    maker === null && step.kind === 'match'
      ? [{ side, priceTicks, quantitySteps: step.quantitySteps }]
      : [],
  );
}

/**
 * How a walk has ended: at the order's price limit, with nothing more to take, or at its permitted
 * number of orders.
 */
type WalkEnd = 'hasMore' | 'isEmpty' | 'isFull';

function walkBook(
  book: OrderBook,
  house: HouseLevels,
  incoming: IncomingOrder,
  taker: Taker,
): WalkEnd {
  const makers = oppositeOf(incoming.side);
  const houseSide = house[makers];
  let level = book.best(makers);
  let houseIndex = 0;
  let next = nearest(makers, level, houseSide[houseIndex]);
  while (!taker.isDone && next !== null && isWithin(incoming, next)) {
    taker.enter(next);
    if (level?.priceTicks === next) {
      if (!walkLevel(level, taker)) return 'isFull';
      level = level.worse;
    }
    const houseLevel = houseSide[houseIndex];
    if (houseLevel?.priceTicks === next) {
      if (!taker.meetHouse(houseLevel)) return 'isFull';
      houseIndex += 1;
    }
    next = nearest(makers, level, houseSide[houseIndex]);
  }
  return next === null ? 'isEmpty' : 'hasMore';
}

/** The better price of the two, or the only one. */
function nearest(
  makers: OrderSide,
  level: BookLevel | null,
  house: HouseLevel | undefined,
): number | null {
  if (level === null) return house?.priceTicks ?? null;
  if (house === undefined) return level.priceTicks;
  const pick = makers === 'SELL' ? Math.min : Math.max;
  return pick(level.priceTicks, house.priceTicks);
}

/** A post-only order: at its price, one tick from the touch if it can be moved, or rejected. */
function postOrder(book: OrderBook, house: HouseLevels, incoming: IncomingOrder): MatchOutcome {
  const { side, worstTicks, quantitySteps, postOnly } = incoming;
  const makers = oppositeOf(side);
  const touch = nearest(makers, book.best(makers), house[makers][0]);
  if (touch === null || !isWithin(incoming, touch))
    return { steps: [], residual: { kind: 'rests', priceTicks: worstTicks, quantitySteps } };
  const priceTicks = side === 'BUY' ? touch - 1 : touch + 1;
  if (postOnly === 'REJECT' || priceTicks === 0)
    return { steps: [], residual: { kind: 'rejected', touchTicks: touch } };
  return { steps: [], residual: { kind: 'rests', priceTicks, quantitySteps } };
}

/** Whether all of it has traded; quantity taken by self-trade prevention has not. */
function isFilled({ quoteBudget, quantitySteps }: IncomingOrder, taker: Taker): boolean {
  if (quoteBudget === null) return taker.matched === quantitySteps;
  return (
    taker.leaves === 0 && isAnything(taker) && taker.steps.every(({ kind }) => kind === 'match')
  );
}

function residualOf(incoming: IncomingOrder, taker: Taker, hasMore: boolean): Residual {
  if (taker.isPrevented) return PREVENTED;
  if (taker.leaves === 0 && isAnything(taker)) return NONE;
  const { worstTicks, timeInForce } = incoming;
  if (taker.leaves === 0) return expires(0, 'UNFILLED_IOC_QUANTITY');
  if (mayRest(timeInForce))
    return { kind: 'rests', priceTicks: worstTicks, quantitySteps: taker.leaves };
  return expires(taker.leaves, expireReasonOf(incoming, taker.matched > 0, hasMore));
}

/** A budget can be worth less than one step at the price it meets. */
function isAnything({ steps }: Taker): boolean {
  return steps.length > 0;
}

function expires(quantitySteps: number, expireReason: ExpireReason): Residual {
  return { kind: 'expires', quantitySteps, expireReason };
}

/** Only a MARKET order gets a reason: a limit is the client's own bound, the collar is not. */
function expireReasonOf(
  { orderType }: IncomingOrder,
  hasMatched: boolean,
  hasMore: boolean,
): ExpireReason {
  if (orderType !== 'MARKET') return 'UNFILLED_IOC_QUANTITY';
  if (hasMore) return 'PRICE_RANGE_EXCEEDED';
  return hasMatched ? 'UNFILLED_IOC_QUANTITY' : 'INSUFFICIENT_LIQUIDITY';
}
