import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { ReferenceQuote } from '../rules/price-collar.ts';

/** The market's top of book, as last received. */
export interface MarketQuotes {
  /** The newest quote, however old; null before the first. */
  quote(symbol: InstrumentSymbol): ReferenceQuote | null;
}
