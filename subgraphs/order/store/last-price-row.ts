import { formatUnits } from '#shared/domain/decimal.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { LastPrice } from '../domain/last-price.ts';
import { unitsOf } from './stored-decimal.ts';

/** A row of `last_prices`; decimals are text. */
export interface LastPriceRow {
  readonly symbol: InstrumentSymbol;
  readonly price: string;
}

/** Selects a {@link LastPriceRow} from `last_prices l`. */
export const LAST_PRICE_COLUMNS = Prisma.sql`l.symbol, l.price::text AS price`;

/** The row of a last price. */
export function lastPriceRowOf({ symbol, price }: LastPrice): LastPriceRow {
  return { symbol, price: formatUnits(price) };
}

/** The last price of a row. */
export function lastPriceOfRow({ symbol, price }: LastPriceRow): LastPrice {
  return { symbol, price: priceOfUnits(unitsOf(price)) };
}
