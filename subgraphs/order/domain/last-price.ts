import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';

/** At what an instrument was traded last on the desk's own book. */
export interface LastPrice {
  readonly symbol: InstrumentSymbol;
  readonly price: Price;
}
