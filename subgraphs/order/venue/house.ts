import type { Clock } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { parsePrice, type Price } from '#shared/domain/price.ts';
import type { LevelText, MarketDepth } from '#shared/events/topics.ts';
import {
  houseLevels,
  type HouseLevels,
  type HouseSettings,
  type HouseTake,
  levelsWithin,
  marketPrice,
  NO_HOUSE_LEVELS,
  takeFromHouse,
} from '../domain/house-liquidity.ts';
import { inventoryRoom } from '../domain/house-skew.ts';
import type { MarketQuotes } from '../domain/ports/market-quotes.ts';
import type { OrderSide } from '../domain/order.ts';
import type { ReferenceQuote } from '../domain/rules/price-collar.ts';
import { type HeardDepth, heardDepth, isRepetition, isTooOld, receivedAt } from './heard-depth.ts';

interface Quoted extends HeardDepth {
  /** The levels that are left, ignoring the house's limits; calculated when first needed. */
  levels: HouseLevels | null;
}

/** Reports the house's inventory of an instrument in base units, as a count of 10^-18. */
export interface Inventory {
  /** Negative if the house has sold more than it bought. */
  of(symbol: InstrumentSymbol): bigint;
  /** Base units of pending trades on one side outside the book. Any of them may still be rejected. */
  promised(symbol: InstrumentSymbol, side: OrderSide): bigint;
}

const NOTHING: Inventory = { of: () => 0n, promised: () => 0n };
const NOTHING_KNOWN: MarketQuotes = { quote: () => null };

/** The desk's own quotes: the newest market of each instrument, less the quantity already taken from it. */
export class House implements MarketQuotes {
  readonly #settings: HouseSettings;
  readonly #clock: Clock;
  readonly #inventory: Inventory;
  readonly #known: MarketQuotes;
  readonly #quoted = new Map<InstrumentSymbol, Quoted>();

  /** @param known what is known of a market of which nothing was heard so far */
  constructor(
    settings: HouseSettings,
    clock: Clock,
    inventory: Inventory = NOTHING,
    known: MarketQuotes = NOTHING_KNOWN,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#inventory = inventory;
    this.#known = known;
  }

  /**
   * Stores a newer market, and forgets the old one and what was taken from it. A quiet market is published repeatedly;
   * a repetition is not newer, so taken quantity stays taken.
   */
  hear(depth: MarketDepth): void {
    const known = this.#quoted.get(depth.symbol);
    const isRepeated = known !== undefined && isRepetition(depth, known.depth);
    const levels = isRepeated ? known.levels : null;
    this.#quoted.set(depth.symbol, { ...heardDepth(depth, known, this.#clock), levels });
  }

  quote(symbol: InstrumentSymbol): ReferenceQuote | null {
    const quoted = this.#quoted.get(symbol);
    if (quoted === undefined) return this.#known.quote(symbol);
    const { depth } = quoted;
    return {
      bidPrice: bestPrice(depth.bids),
      askPrice: bestPrice(depth.asks),
      receivedAtMs: receivedAt(quoted, this.#clock),
      suspended: depth.suspended || depth.status !== 'TRADING',
    };
  }

  /**
   * The levels that the house offers now: none on a market that is stale, suspended or not trading, and on each side no
   * more than its current inventory allows.
   */
  levels(instrument: Instrument): HouseLevels {
    const { symbol } = instrument;
    const quoted = this.#quoted.get(symbol);
    if (quoted === undefined || quoted.depth.status !== 'TRADING') return NO_HOUSE_LEVELS;
    const at = { nowMs: this.#clock.now(), clock: this.#clock };
    if (isTooOld(quoted, instrument, at)) return NO_HOUSE_LEVELS;
    const levels = this.#levelsOf(quoted, instrument);
    const { skew } = this.#settings;
    const price = marketPrice(quoted.depth);
    if (skew === null || price === null) return levels;
    const value = { quantity: this.#inventory.of(symbol), price };
    const room = (side: OrderSide) =>
      inventoryRoom(side, skew, value) - this.#inventory.promised(symbol, side);
    return levelsWithin(levels, { BUY: room('BUY'), SELL: room('SELL') }, instrument);
  }

  /** Subtracts what was traded from the levels that {@link House.levels} has just returned. */
  take(instrument: Instrument, takes: readonly HouseTake[]): void {
    const quoted = this.#quoted.get(instrument.symbol);
    if (quoted !== undefined && takes.length > 0)
      quoted.levels = takeFromHouse(this.#levelsOf(quoted, instrument), takes);
  }

  #levelsOf(quoted: Quoted, instrument: Instrument): HouseLevels {
    const inventory = this.#inventory.of(instrument.symbol);
    quoted.levels ??= houseLevels(quoted.depth, instrument, this.#settings, inventory);
    return quoted.levels;
  }
}

function bestPrice(levels: readonly LevelText[]): Price | null {
  const best = levels[0];
  return best === undefined ? null : parsePrice(best[0]);
}
