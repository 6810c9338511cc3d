import { divideDown, divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { parsePrice, type Price } from '#shared/domain/price.ts';
import { parseQuantity } from '#shared/domain/quantity.ts';
import { WHOLE_BPS } from './basis-points.ts';
import { type HouseSkew, marginBps, skewBps } from './house-skew.ts';
import { stepsWithin, wholeTicks } from './instrument-units.ts';
import type { OrderSide } from './order.ts';

/** How the house quotes around the market. All are whole numbers. */
export interface HouseSettings {
  /** Each side is moved away from the market by this many basis points. */
  readonly spreadBps: number;
  /** The most levels that it quotes on each side. */
  readonly levels: number;
  /** The part of the market's quantity that it offers, in percent. */
  readonly sizePercent: number;
  /** How it skews its prices against its inventory; null for no skew. */
  readonly skew: HouseSkew | null;
}

/** The house's offer at one price: at least one step. */
export interface HouseLevel {
  readonly priceTicks: number;
  readonly leavesSteps: number;
}

/** The house's side of the market, best levels first, prices distinct. BUY are its bids. */
export type HouseLevels = Readonly<Record<OrderSide, readonly HouseLevel[]>>;

/** A level of a market, in plain decimals. */
type LevelText = readonly [price: string, quantity: string];

/** The market's top of book as received. */
export interface MarketDepthLevels {
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  /** Not to be traded on. */
  readonly suspended: boolean;
}

/** What was taken from one level of the house; `side` is the house's. */
export interface HouseTake {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly quantitySteps: number;
}

/** What a venue writes by mistake can be far more than anybody has; sums of such levels are still exact. */
const MOST_STEPS = 10 ** 13;

/** A house that offers nothing: without a market, or on a market that is stale, suspended or crossed. */
export const NO_HOUSE_LEVELS: HouseLevels = { BUY: [], SELL: [] };

/**
 * The house's quotes for a market: bids lower and asks higher by the spread, rounded away from the
 * market to the tick; a part of the quantity, rounded down to the step. Levels that coincide are
 * added up; one with no quantity left, or at a price that no order can have, is omitted. The skew
 * moves both sides against the inventory, but never past the market; see {@link levelsWithin} for the
 * inventory's limit. There are none on a crossed market.
 * @param inventory base units, as a count of 10^-18
 * @throws Error (an invariant) if a level is not a decimal
 */
export function houseLevels(
  depth: MarketDepthLevels,
  instrument: Pick<Instrument, 'tickSize' | 'quantityStep'>,
  settings: HouseSettings,
  inventory = 0n,
): HouseLevels {
  const price = marketPrice(depth);
  if (depth.suspended || price === null || isCrossed(depth)) return NO_HOUSE_LEVELS;
  const { spreadBps, skew } = settings;
  const leaning = {
    spreadBps: BigInt(spreadBps) * ONE,
    skewBps: skew === null ? 0n : skewBps(skew, { quantity: inventory, price }),
  };
  const quoting = { instrument, settings };
  return {
    BUY: houseSide('BUY', depth.bids, { ...quoting, margin: marginBps('SELL', leaning) }),
    SELL: houseSide('SELL', depth.asks, { ...quoting, margin: marginBps('BUY', leaning) }),
  };
}

/** One side is wrong then, and whoever bought from such a house could sell it back for more. */
function isCrossed({ bids: [bid], asks: [ask] }: MarketDepthLevels): boolean {
  return bid !== undefined && ask !== undefined && levelPrice(bid) > levelPrice(ask);
}

/** The price that values the inventory: the best bid, or the best ask without one. */
export function marketPrice({
  bids,
  asks,
}: Pick<MarketDepthLevels, 'bids' | 'asks'>): Price | null {
  const best = bids[0] ?? asks[0];
  return best === undefined ? null : parsePrice(best[0]);
}

/**
 * The best of the levels, up to this much on each side: base units as a count of 10^-18, at least
 * zero.
 */
export function levelsWithin(
  levels: HouseLevels,
  room: Readonly<Record<OrderSide, bigint>>,
  instrument: Pick<Instrument, 'quantityStep'>,
): HouseLevels {
  const within = (side: OrderSide) => {
    let left = room[side] > 0n ? stepsWithin(room[side], instrument) : 0;
    return levels[side].flatMap(({ priceTicks, leavesSteps }) => {
      const steps = Math.min(leavesSteps, left);
      left -= steps;
      return steps > 0 ? [{ priceTicks, leavesSteps: steps }] : [];
    });
  };
  return { BUY: within('BUY'), SELL: within('SELL') };
}

/** How the house quotes one side at a moment; `margin` is {@link marginBps}. */
interface Quoting {
  readonly instrument: Pick<Instrument, 'tickSize' | 'quantityStep'>;
  readonly settings: HouseSettings;
  readonly margin: bigint;
}

function houseSide(side: OrderSide, market: readonly LevelText[], quoting: Quoting): HouseLevel[] {
  const levels = new Map<number, number>();
  for (const text of market) {
    const level = houseLevel(side, text, quoting);
    if (level === null) continue;
    const known = levels.get(level.priceTicks);
    if (known === undefined && levels.size === quoting.settings.levels) break;
    levels.set(level.priceTicks, (known ?? 0) + level.leavesSteps);
  }
  return Array.from(levels, ([priceTicks, leavesSteps]) => ({ priceTicks, leavesSteps }));
}

function houseLevel(
  side: OrderSide,
  level: LevelText,
  { instrument, settings, margin }: Quoting,
): HouseLevel | null {
  const price = levelPrice(level);
  const quantity = parseQuantity(level[1]);
  invariant(quantity !== null, `no level: ${level[0]} × ${level[1]}`);
  const whole = WHOLE_BPS * ONE;
  const { tickSize } = instrument;
  const ticks =
    side === 'BUY'
      ? divideDown(price * (whole - margin), whole * tickSize)
      : divideUp(price * (whole + margin), whole * tickSize);
  const priceTicks = wholeTicks(ticks);
  const offered = divideDown(quantity * BigInt(settings.sizePercent), 100n);
  const leavesSteps = Math.min(stepsWithin(offered, instrument), MOST_STEPS);
  return priceTicks !== null && leavesSteps > 0 ? { priceTicks, leavesSteps } : null;
}

function levelPrice([text, quantity]: LevelText): Price {
  const price = parsePrice(text);
  invariant(price !== null, `no level: ${text} × ${quantity}`);
  return price;
}

/** What the house still offers after trades; the next market replaces it. */
export function takeFromHouse(levels: HouseLevels, takes: readonly HouseTake[]): HouseLevels {
  if (takes.length === 0) return levels;
  return { BUY: sideAfter('BUY', levels.BUY, takes), SELL: sideAfter('SELL', levels.SELL, takes) };
}

function sideAfter(
  side: OrderSide,
  levels: readonly HouseLevel[],
  takes: readonly HouseTake[],
): readonly HouseLevel[] {
  return levels
    .map((level) => ({ ...level, leavesSteps: level.leavesSteps - taken(side, level, takes) }))
    .filter(({ leavesSteps, priceTicks }) => {
      invariant(leavesSteps >= 0, `the house sold more than it offered at ${priceTicks}`);
      return leavesSteps > 0;
    });
}

function taken(side: OrderSide, { priceTicks }: HouseLevel, takes: readonly HouseTake[]): number {
  let steps = 0;
  for (const take of takes) {
    if (take.side === side && take.priceTicks === priceTicks) steps += take.quantitySteps;
  }
  return steps;
}
