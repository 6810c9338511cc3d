import { type CandleInterval, INTERVAL_MS } from './candle.ts';
import { closingPriceOf, type InstrumentPrice } from './instrument-price.ts';
import type { MarketList } from './markets.ts';
import { type LoadCandles, readCandles } from './read-candles.ts';
import type { PriceSource } from './unit-price.ts';

/** Where the prices of the past are looked up. */
export interface PriceHistory {
  readonly markets: Pick<MarketList, 'get'>;
  /** The desk's assets. */
  readonly codes: readonly string[];
  readonly load: LoadCandles;
}

/**
 * The closing prices of one past moment that some assets can be valued with. Those of instruments between an asset and
 * the one to value in are read first, and those of two that lead there only where these are missing or outdated.
 */
export async function pricesAt(
  { markets, codes, load }: PriceHistory,
  held: readonly string[],
  quote: string,
  atMs: number,
): Promise<PriceSource> {
  const prices = new Map<string, InstrumentPrice>();
  const interval = intervalClosingAt(atMs);
  const read = (symbols: readonly string[]) =>
    Promise.all(
      [...new Set(symbols)].map(async (symbol) => {
        const market = prices.has(symbol) ? undefined : markets.get(symbol);
        if (market === undefined) return;
        const last = { interval, fromMs: null, toMs: atMs, afterMs: null, count: 1 };
        const [candle] = await readCandles(market, last, load);
        if (candle !== undefined) prices.set(symbol, closingPriceOf(candle, atMs));
      }),
    );
  const between = (from: string, to: string) =>
    [`${from}-${to}`, `${to}-${from}`].filter((symbol) => markets.get(symbol) !== undefined);
  await read(held.flatMap((code) => between(code, quote)));
  const isFresh = (symbol: string) => prices.get(symbol)?.stale === false;
  const others = held.filter((code) => code !== quote && !between(code, quote).some(isFresh));
  await read(
    others.flatMap((code) =>
      codes.flatMap((middle) => {
        const [first, second] = [between(code, middle), between(middle, quote)];
        return first.length > 0 && second.length > 0 ? [...first, ...second] : [];
      }),
    ),
  );
  return { priceOf: (symbol) => prices.get(symbol) ?? null, codes, atMs };
}

/** Of the candles that close at a moment, those that are most likely to be known: files often have days alone. */
function intervalClosingAt(atMs: number): CandleInterval {
  return atMs % INTERVAL_MS.ONE_DAY === 0 ? 'ONE_DAY' : 'ONE_HOUR';
}
