import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { MarketState } from '../market-state.ts';
import { changeOf, changeRateOf, type Ticker } from './ticker.ts';

/** A ticker as the API shows it. */
export interface TickerView {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly lastPrice: string;
  readonly averagePrice: string | null;
  readonly change: string;
  readonly changeRate: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly tradeCount: number;
  readonly complete: boolean;
  readonly stale: boolean;
}

/** The ticker of a market as it is shown. */
export function tickerView(market: MarketState, ticker: Ticker): TickerView {
  const { symbol, priceScale, quantityScale, quoteScale } = market.instrument;
  const { average } = ticker;
  return {
    symbol,
    from: toTimestamp(ticker.fromMs),
    to: toTimestamp(ticker.toMs),
    openPrice: formatPrice(ticker.open, priceScale),
    highPrice: formatPrice(ticker.high, priceScale),
    lowPrice: formatPrice(ticker.low, priceScale),
    lastPrice: formatPrice(ticker.last, priceScale),
    averagePrice: average === null ? null : formatPrice(average, priceScale),
    change: formatUnits(changeOf(ticker), priceScale),
    changeRate: formatUnits(changeRateOf(ticker)),
    volume: formatQuantity(ticker.volume, quantityScale),
    quoteVolume: formatMoney(ticker.quoteVolume, quoteScale),
    tradeCount: ticker.tradeCount,
    complete: ticker.isComplete,
    stale: market.isSuspended,
  };
}
