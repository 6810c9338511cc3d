import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { OrderContext } from '../context.ts';

/** How many digits after the point amounts are padded to. */
export interface Scales {
  readonly price: number;
  readonly quantity: number;
  /** Of amounts of the quote asset. */
  readonly quote: number;
}

const UNPADDED: Scales = { price: 0, quantity: 0, quote: 0 };

/** The scales of an instrument; those of one that is not known leave decimals as they are. */
export function scalesOf({ instruments }: OrderContext, symbol: InstrumentSymbol): Scales {
  const instrument = instruments.get(symbol);
  if (instrument === undefined) return UNPADDED;
  const { priceScale, quantityScale, quoteScale } = instrument;
  return { price: priceScale, quantity: quantityScale, quote: quoteScale };
}
