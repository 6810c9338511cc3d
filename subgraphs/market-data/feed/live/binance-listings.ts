import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { VenueListing } from '../../domain/venue-listing.ts';
import { type Fields, fieldsOf, listOf, parseFrame } from '../frame-fields.ts';
import { limitOf, priceOf, quantityOf, textOf, textsOf } from '../malformed-frame.ts';
import { type Listings, readListings } from './listings.ts';

/** The filters by their names; a filter that an instrument does not have is no fields at all. */
type Filters = (name: string) => Fields;

/** The answer of Binance's `exchangeInfo`. @throws MalformedFrameError */
export function binanceListings(body: string): Listings {
  return readListings(listOf(fieldsOf(parseFrame(body))['symbols']), { symbolOf, listingOf });
}

function symbolOf(fields: Fields): string {
  return `${textOf(fields['baseAsset'])}-${textOf(fields['quoteAsset'])}`;
}

function listingOf(fields: Fields): VenueListing {
  const filters = filtersOf(fields);
  const [price, lot] = [filters('PRICE_FILTER'), filters('LOT_SIZE')];
  // The newer filter has both ends; the older one the lower end alone.
  const notional = { ...filters('MIN_NOTIONAL'), ...filters('NOTIONAL') };
  return {
    venue: 'binance',
    venueSymbol: textOf(fields['symbol']),
    symbol: symbolOf(fields),
    status: statusOf(fields),
    tickSize: priceOf(price['tickSize']),
    quantityStep: quantityOf(lot['stepSize']),
    minQuantity: quantityOf(lot['minQty']),
    maxQuantity: quantityOf(lot['maxQty']),
    minNotional: limitOf(notional['minNotional']),
    maxNotional: limitOf(notional['maxNotional']),
    orderTypes: textsOf(fields['orderTypes']),
  };
}

function filtersOf(fields: Fields): Filters {
  const all = new Map(
    listOf(fields['filters'])
      .map(fieldsOf)
      .map((filter) => [filter['filterType'], filter]),
  );
  return (name) => all.get(name) ?? {};
}

/** Of its states only TRADING takes orders; those of a halt, a break or an auction do not. */
function statusOf({ status, isSpotTradingAllowed }: Fields): InstrumentStatus {
  return status === 'TRADING' && isSpotTradingAllowed !== false ? 'TRADING' : 'HALTED';
}
