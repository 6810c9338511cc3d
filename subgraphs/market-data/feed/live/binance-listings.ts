import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { VenueListing } from '../../domain/catalog/venue-listing.ts';
import { type Fields, fieldsOf, listOf, parseFrame } from '../frames/frame-fields.ts';
import { limitOf, priceOf, quantityOf, textOf, textsOf } from '../frames/malformed-frame.ts';
import { type Listings, readListings } from './listings.ts';

/** The filters by name; a missing filter is an object without fields. */
type Filters = (name: string) => Fields;

/** Reads the response of Binance's `exchangeInfo`. @throws MalformedFrameError */
export function binanceListings(body: string): Listings {
  return readListings(listOf(fieldsOf(parseFrame(body))['symbols']), { symbolOf, listingOf });
}

function symbolOf(fields: Fields): string {
  return `${textOf(fields['baseAsset'])}-${textOf(fields['quoteAsset'])}`;
}

function listingOf(fields: Fields): VenueListing {
  const filters = filtersOf(fields);
  const [price, lot] = [filters('PRICE_FILTER'), filters('LOT_SIZE')];
  // The newer filter has a minimum and a maximum, the older one only a minimum.
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

/** Only TRADING takes orders; the states of a halt, a break or an auction do not. */
function statusOf({ status, isSpotTradingAllowed }: Fields): InstrumentStatus {
  return status === 'TRADING' && isSpotTradingAllowed !== false ? 'TRADING' : 'HALTED';
}
