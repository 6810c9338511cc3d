import { balancesHeld, type BalanceToValue } from './account-valuation.ts';
import { type CandleInterval, INTERVAL_MS } from '../candles/candle.ts';
import { closingPriceOf, type InstrumentPrice } from './instrument-price.ts';
import type { MarketState } from '../market-state.ts';
import type { MarketList } from '../markets.ts';
import { type LoadCandles, readCandles } from '../candles/read-candles.ts';
import type { PriceSource } from './unit-price.ts';

/** Where the prices of the past are looked up. */
export interface PriceHistory extends Pick<PriceSource, 'neighborsOf'> {
  readonly markets: Pick<MarketList, 'get'>;
  readonly load: LoadCandles;
}

/**
 * The closing prices of one past moment that balances can be valued with. Those of instruments between an asset and
 * the one to value in are read first, and those of two that lead there only where these are missing or outdated.
 */
export async function pricesAt(
  { markets, neighborsOf, load }: PriceHistory,
  balances: readonly BalanceToValue[],
  quote: string,
  atMs: number,
): Promise<PriceSource> {
  const held = balancesHeld(balances).map(({ asset }) => asset.code);
  const prices = new Map<string, InstrumentPrice>();
  const read = (symbols: readonly string[]) =>
    Promise.all(
      [...new Set(symbols)].map(async (symbol) => {
        const market = prices.has(symbol) ? undefined : markets.get(symbol);
        const price = market === undefined ? null : await priceAt(market, atMs, load);
        if (price !== null) prices.set(symbol, price);
      }),
    );
  const between = (from: string, to: string) =>
    [`${from}-${to}`, `${to}-${from}`].filter((symbol) => markets.get(symbol) !== undefined);
  await read(held.flatMap((code) => between(code, quote)));
  const isFresh = (symbol: string) => prices.get(symbol)?.stale === false;
  const others = held.filter((code) => code !== quote && !between(code, quote).some(isFresh));
  await read(
    others.flatMap((code) =>
      neighborsOf(code).flatMap((middle) => {
        const second = between(middle, quote);
        return second.length > 0 ? [...between(code, middle), ...second] : [];
      }),
    ),
  );
  return { priceOf: (symbol) => prices.get(symbol) ?? null, neighborsOf, atMs };
}

/** Where trades of a candle may be missing, a shorter one that ends with it and lacks none has its last trade. */
async function priceAt(
  market: MarketState,
  atMs: number,
  load: LoadCandles,
): Promise<InstrumentPrice | null> {
  let longest: InstrumentPrice | null = null;
  for (const interval of intervalsClosingAt(atMs)) {
    const last = { interval, fromMs: null, toMs: atMs, afterMs: null, count: 1 };
    const [candle] = await readCandles(market, last, load);
    if (candle === undefined) continue;
    const price = closingPriceOf(candle, atMs);
    if (!price.stale) return price;
    longest ??= price;
    if (candle.loss === null) break;
  }
  return longest;
}

/** Of the candles that close at a moment, first those that are most likely to be known: files often have days alone. */
function intervalsClosingAt(atMs: number): readonly CandleInterval[] {
  const intervals = ['ONE_HOUR', 'ONE_MINUTE'] as const;
  return atMs % INTERVAL_MS.ONE_DAY === 0 ? ['ONE_DAY', ...intervals] : intervals;
}
