import type { OrderId } from '#shared/domain/ids.ts';
import type { HouseLevel, HouseLevels, HouseTake } from './house-liquidity.ts';
import { oppositeOf } from './match-order.ts';
import type { BookLevel, OrderBook, RestingOrder } from './order-book.ts';
import type { OrderSide } from './order.ts';

/** A resting order that the house takes, at the order's own price. */
export interface RestingMatch {
  readonly orderId: OrderId;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** What the house's new levels do to the book, in the order in which it happens. */
export interface RestingOutcome {
  readonly matches: readonly RestingMatch[];
  /** What this takes of the house, for `takeFromHouse`. */
  readonly takes: readonly HouseTake[];
}

/**
 * Matches resting orders against a house whose levels have moved through them: best priced orders
 * first, the oldest first at one price, each at its own price, for the house is the one that came.
 * It changes nothing; {@link executeRestingMatches} does it. Afterwards book and house do not cross.
 */
export function matchRestingOrders(book: OrderBook, house: HouseLevels): RestingOutcome {
  const outcome = { matches: new Array<RestingMatch>(), takes: new Array<HouseTake>() };
  for (const side of ['BUY', 'SELL'] as const) {
    const offers = house[oppositeOf(side)].map((level) => ({ ...level }));
    for (let level = book.best(side); level !== null; level = level.worse) {
      if (!takeLevel(level, offers, outcome)) break;
    }
  }
  return outcome;
}

/** Makes the matches happen in the book. */
export function executeRestingMatches(book: OrderBook, matches: readonly RestingMatch[]): void {
  for (const { orderId, quantitySteps } of matches) book.reduce(orderId, quantitySteps);
}

type Offer = { -readonly [Key in keyof HouseLevel]: HouseLevel[Key] };

/** @returns whether the level is filled, so that a worse one may match. */
function takeLevel(
  level: BookLevel,
  offers: Offer[],
  { matches, takes }: { matches: RestingMatch[]; takes: HouseTake[] },
): boolean {
  const { side, priceTicks } = level;
  for (
    let order: BookLevel['oldest'] | null = level.oldest;
    order !== null;
    order = order.younger
  ) {
    const taken = takeOffers(side, order, offers);
    const quantitySteps = taken.reduce((sum, take) => sum + take.quantitySteps, 0);
    if (quantitySteps > 0) matches.push({ orderId: order.orderId, priceTicks, quantitySteps });
    takes.push(...taken);
    if (quantitySteps < order.leavesSteps) return false;
  }
  return true;
}

function takeOffers(side: OrderSide, order: RestingOrder, offers: Offer[]): HouseTake[] {
  const takes: HouseTake[] = [];
  let leaves = order.leavesSteps;
  for (const offer of offers) {
    if (leaves === 0 || !isThrough(side, order.priceTicks, offer.priceTicks)) break;
    const quantitySteps = Math.min(leaves, offer.leavesSteps);
    if (quantitySteps === 0) continue;
    takes.push({ side: oppositeOf(side), priceTicks: offer.priceTicks, quantitySteps });
    offer.leavesSteps -= quantitySteps;
    leaves -= quantitySteps;
  }
  return takes;
}

/** Whether the house's price has reached the order's. */
function isThrough(side: OrderSide, priceTicks: number, offerTicks: number): boolean {
  return side === 'BUY' ? priceTicks >= offerTicks : priceTicks <= offerTicks;
}
