import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';

/** The price of an instrument's last trade on the desk's own book. */
export interface LastPrice {
  readonly symbol: InstrumentSymbol;
  readonly price: Price;
}
