import { toTimestamp } from '#shared/domain/clock.ts';
import { levelView } from './book/level-view.ts';
import type { MarketState } from './market-state.ts';
import { isCrossed, type Quote } from './quote.ts';

/** A quote as the API shows it, with its age at the moment it was made. */
export interface QuoteView {
  readonly symbol: string;
  readonly bidPrice: string | null;
  readonly bidQuantity: string | null;
  readonly askPrice: string | null;
  readonly askQuantity: string | null;
  readonly crossed: boolean;
  readonly venue: string;
  readonly sequence: string;
  readonly exchangeTime: string | null;
  readonly receivedTime: string;
  readonly asOf: string;
  readonly ageMs: number;
  readonly stale: boolean;
}

/** See {@link QuoteView}. */
export function quoteView(quote: Quote, market: MarketState, nowMs: number): QuoteView {
  const bid = quote.bid && levelView(quote.bid, market.instrument);
  const ask = quote.ask && levelView(quote.ask, market.instrument);
  return {
    symbol: quote.symbol,
    bidPrice: bid?.price ?? null,
    bidQuantity: bid?.quantity ?? null,
    askPrice: ask?.price ?? null,
    askQuantity: ask?.quantity ?? null,
    crossed: isCrossed(quote),
    venue: quote.venue,
    sequence: String(quote.sequence),
    exchangeTime: quote.exchangeTimeMs === null ? null : toTimestamp(quote.exchangeTimeMs),
    receivedTime: toTimestamp(quote.receivedAtMs),
    asOf: toTimestamp(quote.exchangeTimeMs ?? quote.receivedAtMs),
    ...market.freshnessOf(quote, nowMs),
  };
}
