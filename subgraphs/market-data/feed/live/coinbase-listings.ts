import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { VenueListing } from '../../domain/catalog/venue-listing.ts';
import { type Fields, listOf, parseFrame } from '../frames/frame-fields.ts';
import { limitOf, priceOf, quantityOf, textOf } from '../frames/malformed-frame.ts';
import { type Listings, readListings } from './listings.ts';

/** Reads the response of Coinbase Exchange's `products`. @throws MalformedFrameError */
export function coinbaseListings(body: string): Listings {
  return readListings(listOf(parseFrame(body)), { symbolOf, listingOf });
}

function symbolOf(fields: Fields): string {
  return `${textOf(fields['base_currency'])}-${textOf(fields['quote_currency'])}`;
}

function listingOf(fields: Fields): VenueListing {
  const [min, max] = [fields['base_min_size'], fields['base_max_size']];
  return {
    venue: 'coinbase',
    venueSymbol: textOf(fields['id']),
    symbol: symbolOf(fields),
    status: statusOf(fields),
    tickSize: priceOf(fields['quote_increment']),
    quantityStep: quantityOf(fields['base_increment']),
    // The venue removed these two from its list.
    minQuantity: min === undefined ? null : quantityOf(min),
    maxQuantity: max === undefined ? null : quantityOf(max),
    minNotional: limitOf(fields['min_market_funds']),
    maxNotional: limitOf(fields['max_market_funds']),
    orderTypes: orderTypesOf(fields),
  };
}

/** While orders can only rest, as before the end of an auction, nothing is traded at the prices of the book. */
function statusOf(fields: Fields): InstrumentStatus {
  const { status, trading_disabled, auction_mode, post_only, cancel_only } = fields;
  if (status === 'delisted') return 'CLOSED';
  const isHalted = [trading_disabled, auction_mode, post_only].includes(true);
  if (status !== 'online' || isHalted) return 'HALTED';
  return cancel_only === true ? 'CANCEL_ONLY' : 'TRADING';
}

function orderTypesOf({ limit_only, post_only }: Fields): readonly string[] {
  if (post_only === true) return ['limit (post-only)'];
  return limit_only === true ? ['limit'] : ['limit', 'market', 'stop'];
}
