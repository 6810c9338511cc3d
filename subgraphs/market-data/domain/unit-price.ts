import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { MarketState } from './market-state.ts';
import { markPriceOf } from './mark-price.ts';
import type { MarketList } from './markets.ts';
import { midOf } from './quote.ts';

/** What one unit of an asset is worth in another, and where that comes from. */
export interface UnitPrice {
  /** A count of 10^-18, rounded toward zero. */
  readonly units: bigint;
  /** The instruments whose prices it was made from, in the order of the conversion. */
  readonly symbols: readonly string[];
  /** Whether one of these prices is not a mark price. */
  readonly stale: boolean;
}

/** What prices are looked up in. */
export interface PriceSource {
  readonly markets: MarketList;
  /** The desk's assets, in the order in which they are tried as a step between two others. */
  readonly codes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * The price of one unit of an asset in another: by their instrument, either way round, or by two instruments with an
 * asset in between. The first way that is fresh is taken, or else the first one, and that by one instrument comes first.
 * @returns null if there is no such way with known prices
 */
export function unitPriceOf(source: PriceSource, code: string, quote: string): UnitPrice | null {
  if (code === quote) return { units: ONE, symbols: [], stale: false };
  const direct = stepOf(source, code, quote);
  if (direct?.stale === false) return direct;
  const ways = [...(direct === null ? [] : [direct]), ...waysBetween(source, code, quote)];
  return ways.find(({ stale }) => !stale) ?? ways[0] ?? null;
}

function waysBetween(source: PriceSource, code: string, quote: string): readonly UnitPrice[] {
  return source.codes.flatMap((middle) => {
    const first = stepOf(source, code, middle);
    const second = first === null ? null : stepOf(source, middle, quote);
    if (first === null || second === null) return [];
    return {
      units: divideDown(first.units * second.units, ONE),
      symbols: [...first.symbols, ...second.symbols],
      stale: first.stale || second.stale,
    };
  });
}

/** By one instrument. */
function stepOf({ markets, nowMs }: PriceSource, from: string, to: string): UnitPrice | null {
  const market = markets.get(`${from}-${to}`);
  if (market !== undefined) return priceOf(market, nowMs);
  const inverse = markets.get(`${to}-${from}`);
  const price = inverse === undefined ? null : priceOf(inverse, nowMs);
  return price && { ...price, units: divideDown(ONE * ONE, price.units) };
}

/** The mark price; without one, the mid price of the newest quote or that of the last trade, which are never fresh. */
function priceOf(market: MarketState, nowMs: number): UnitPrice | null {
  const symbols = [market.instrument.symbol];
  const mark = markPriceOf(market, nowMs);
  if (mark !== null) return { units: mark, symbols, stale: false };
  const units = (market.quote && midOf(market.quote)) ?? market.tape.newest()?.price ?? null;
  return units === null ? null : { units, symbols, stale: true };
}
