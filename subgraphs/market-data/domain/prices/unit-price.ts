import { divideDown, ONE } from '#shared/domain/decimal.ts';
import type { InstrumentPrice } from './instrument-price.ts';

/** What one unit of an asset is worth in another, and where that comes from. */
export interface UnitPrice {
  /** A count of 10^-18, rounded toward zero. */
  readonly units: bigint;
  /** The instruments whose prices it was made from, in the order of the conversion. */
  readonly symbols: readonly string[];
  /** Whether one of these prices is outdated. */
  readonly stale: boolean;
}

/** The prices of one moment. */
export interface PriceSource {
  /** Null without such an instrument, or while its price is not known. */
  readonly priceOf: (symbol: string) => InstrumentPrice | null;
  /** The assets that have an instrument with this one, in the order in which they are tried as a step to others. */
  readonly neighborsOf: (code: string) => readonly string[];
  /** Milliseconds since the epoch. */
  readonly atMs: number;
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
  return source.neighborsOf(code).flatMap((middle) => {
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
function stepOf({ priceOf }: PriceSource, from: string, to: string): UnitPrice | null {
  const [symbol, inverse] = [`${from}-${to}`, `${to}-${from}`];
  const price = priceOf(symbol);
  if (price !== null) return { ...price, symbols: [symbol] };
  const other = priceOf(inverse);
  return other && { ...other, units: divideDown(ONE * ONE, other.units), symbols: [inverse] };
}
