import type { OrderId } from '#shared/domain/ids.ts';
import type { HouseLevel, HouseLevels, HouseTake } from './house-liquidity.ts';
import type { BookLevel, OrderBook } from './order-book.ts';
import type { ExpireReason, OrderSide, OrderType, TimeInForce } from './order.ts';

/** An order that comes to the book, in whole ticks and steps. */
export interface IncomingOrder {
  readonly side: OrderSide;
  /** The worst price it takes: its limit, or the collar's edge for a MARKET order. */
  readonly worstTicks: number;
  readonly quantitySteps: number;
  readonly orderType: OrderType;
  /** IOC for a MARKET order. */
  readonly timeInForce: TimeInForce;
}

/** Who waited: a client's order, or the house. */
export type MatchMaker =
  { readonly kind: 'order'; readonly orderId: OrderId } | { readonly kind: 'house' };

/** One trade: at the maker's price. */
export interface Match {
  readonly maker: MatchMaker;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** What becomes of the quantity that found no maker. */
export type Residual =
  | { readonly kind: 'none' }
  | { readonly kind: 'rests'; readonly quantitySteps: number }
  | {
      readonly kind: 'expires';
      readonly quantitySteps: number;
      readonly expireReason: ExpireReason;
    };

/** All that an incoming order does, in the order in which it happens. */
export interface MatchOutcome {
  readonly matches: readonly Match[];
  readonly residual: Residual;
}

const HOUSE: MatchMaker = { kind: 'house' };

/**
 * Matches an incoming order: best price first; at one price client orders, the oldest first, and
 * then the house. It changes nothing, so the same walk can answer what an order would do;
 * {@link executeMatches} does it.
 */
export function matchOrder(
  book: OrderBook,
  house: HouseLevels,
  incoming: IncomingOrder,
): MatchOutcome {
  const matches: Match[] = [];
  const makers = oppositeOf(incoming.side);
  const houseSide = house[makers];
  let level = book.best(makers);
  let houseIndex = 0;
  let leaves = incoming.quantitySteps;
  let next = nearest(makers, level, houseSide[houseIndex]);
  while (leaves > 0 && next !== null && isWithin(incoming, next)) {
    if (level?.priceTicks === next) {
      leaves = takeLevel(level, leaves, matches);
      level = level.worse;
    }
    const houseLevel = houseSide[houseIndex];
    if (houseLevel?.priceTicks === next) {
      leaves = takeHouse(houseLevel, leaves, matches);
      houseIndex += 1;
    }
    next = nearest(makers, level, houseSide[houseIndex]);
  }
  return { matches, residual: residualOf(incoming, leaves, matches.length > 0, next !== null) };
}

/** Makes the matches happen in the book; {@link houseTakes} says what they take of the house. */
export function executeMatches(book: OrderBook, matches: readonly Match[]): void {
  for (const { maker, quantitySteps } of matches) {
    if (maker.kind === 'order') book.reduce(maker.orderId, quantitySteps);
  }
}

/** What the matches of an incoming order of this side take of the house. */
export function houseTakes(incoming: OrderSide, matches: readonly Match[]): HouseTake[] {
  const side = oppositeOf(incoming);
  return matches
    .filter(({ maker }) => maker.kind === 'house')
    .map(({ priceTicks, quantitySteps }) => ({ side, priceTicks, quantitySteps }));
}

/** Whom a side trades with. */
export function oppositeOf(side: OrderSide): OrderSide {
  return side === 'BUY' ? 'SELL' : 'BUY';
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

function isWithin({ side, worstTicks }: IncomingOrder, priceTicks: number): boolean {
  return side === 'BUY' ? priceTicks <= worstTicks : priceTicks >= worstTicks;
}

function takeLevel(level: BookLevel, quantitySteps: number, matches: Match[]): number {
  let leaves = quantitySteps;
  for (
    let order: BookLevel['oldest'] | null = level.oldest;
    order !== null;
    order = order.younger
  ) {
    if (leaves === 0) break;
    const steps = Math.min(leaves, order.leavesSteps);
    const maker: MatchMaker = { kind: 'order', orderId: order.orderId };
    matches.push({ maker, priceTicks: level.priceTicks, quantitySteps: steps });
    leaves -= steps;
  }
  return leaves;
}

function takeHouse(level: HouseLevel, leaves: number, matches: Match[]): number {
  if (leaves === 0) return 0;
  const steps = Math.min(leaves, level.leavesSteps);
  matches.push({ maker: HOUSE, priceTicks: level.priceTicks, quantitySteps: steps });
  return leaves - steps;
}

function residualOf(
  incoming: IncomingOrder,
  quantitySteps: number,
  hasMatched: boolean,
  hasMore: boolean,
): Residual {
  if (quantitySteps === 0) return { kind: 'none' };
  if (incoming.timeInForce === 'GTC') return { kind: 'rests', quantitySteps };
  const expireReason = expireReasonOf(incoming, hasMatched, hasMore);
  return { kind: 'expires', quantitySteps, expireReason };
}

/** Only a MARKET order asks why: a limit is the client's own bound, the collar is not. */
function expireReasonOf(
  { orderType }: IncomingOrder,
  hasMatched: boolean,
  hasMore: boolean,
): ExpireReason {
  if (orderType === 'LIMIT') return 'UNFILLED_IOC_QUANTITY';
  if (hasMore) return 'PRICE_RANGE_EXCEEDED';
  return hasMatched ? 'UNFILLED_IOC_QUANTITY' : 'INSUFFICIENT_LIQUIDITY';
}
