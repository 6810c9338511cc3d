import type { HouseLevel, HouseLevels, HouseTake } from '../house-liquidity.ts';
import { type MatchLimit, NO_LIMIT } from './match-limit.ts';
import type { OrderBook } from './order-book.ts';
import { oppositeOf, type OrderSide } from '../order.ts';
import type { BookLevel, RestingOrder } from './resting-order.ts';
import { type LevelVisitor, walkLevel } from './walk-level.ts';

/** A resting order that the house takes, at the order's own price. */
interface RestingMatch {
  readonly maker: RestingOrder;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** What the house's new levels do to the book, in order. */
export interface RestingOutcome {
  readonly matches: readonly RestingMatch[];
  /** What this takes from the house, for `takeFromHouse`. */
  readonly takes: readonly HouseTake[];
}

/**
 * Matches resting orders against a house whose levels have moved through them: best priced orders
 * first, the oldest first at one price, each at its own price, because the house is the one that
 * arrives. It changes nothing; `OrderBook.fill` does. Afterwards book and house do not cross,
 * unless there were more orders than it can match.
 * @param limit which orders it can meet
 */
export function matchRestingOrders(
  book: OrderBook,
  house: HouseLevels,
  limit = NO_LIMIT,
): RestingOutcome {
  const outcome = { matches: new Array<RestingMatch>(), takes: new Array<HouseTake>() };
  let { room } = limit;
  for (const side of ['BUY', 'SELL'] as const) {
    const offers = house[oppositeOf(side)];
    const arrival = new HouseArrival(oppositeOf(side), offers, outcome, { ...limit, room });
    let level = book.best(side);
    while (level !== null && arrival.enter(level) && walkLevel(level, arrival)) level = level.worse;
    room = arrival.room;
  }
  return outcome;
}

/** One side of the house on its way through the orders that it has reached. */
class HouseArrival implements LevelVisitor {
  readonly #side: OrderSide;
  readonly #offers: { readonly priceTicks: number; leavesSteps: number }[];
  readonly #outcome: { readonly matches: RestingMatch[]; readonly takes: HouseTake[] };
  #priceTicks = 0;
  readonly #limit: MatchLimit;
  #room: number;

  constructor(
    side: OrderSide,
    offers: readonly HouseLevel[],
    outcome: { readonly matches: RestingMatch[]; readonly takes: HouseTake[] },
    limit: MatchLimit,
  ) {
    this.#limit = limit;
    this.#room = limit.room;
    this.#side = side;
    this.#offers = offers.map((offer) => ({ ...offer }));
    this.#outcome = outcome;
  }

  /** Comes to a level of the other side. @returns whether it takes anything there */
  enter({ priceTicks }: BookLevel): boolean {
    this.#priceTicks = priceTicks;
    return !this.isDone;
  }

  get isDone(): boolean {
    return this.#reaching() === undefined;
  }

  get isFull(): boolean {
    return this.#room <= 0;
  }

  /** What is left for more orders. */
  get room(): number {
    return this.#room;
  }

  meet(maker: RestingOrder, shownSteps: number, isAgain: boolean): number {
    if (!isAgain) this.#room -= this.#limit.costOf(maker.orderId);
    let leaves = shownSteps;
    for (
      let offer = this.#reaching();
      offer !== undefined && leaves > 0;
      offer = this.#reaching()
    ) {
      const quantitySteps = Math.min(leaves, offer.leavesSteps);
      const { priceTicks } = offer;
      this.#outcome.takes.push({ side: this.#side, priceTicks, quantitySteps });
      offer.leavesSteps -= quantitySteps;
      leaves -= quantitySteps;
    }
    const quantitySteps = shownSteps - leaves;
    this.#outcome.matches.push({ maker, priceTicks: this.#priceTicks, quantitySteps });
    return quantitySteps;
  }

  /** The best offer that has reached the level and is not used up. */
  #reaching(): { readonly priceTicks: number; leavesSteps: number } | undefined {
    const left = this.#offers.find(({ leavesSteps }) => leavesSteps > 0);
    if (left === undefined) return undefined;
    const distance = this.#priceTicks - left.priceTicks;
    return (this.#side === 'SELL' ? distance >= 0 : distance <= 0) ? left : undefined;
  }
}
