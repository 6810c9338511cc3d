import { stepOfScale } from '#shared/domain/decimal.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { VenueListing } from '../../domain/catalog/venue-listing.ts';
import { type Fields, fieldsOf, parseFrame } from '../frames/frame-fields.ts';
import { krakenStatus } from '../kraken/kraken-status.ts';
import { integerOf, limitOf, priceOf, quantityOf, textOf } from '../frames/malformed-frame.ts';
import { type Listings, readListings } from './listings.ts';

/** Kraken's streams and we use BTC and DOGE; its list still uses XBT and XDG. */
const NAMES: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' };

/** The orders that are allowed in restricted states. */
const ORDER_TYPES: Readonly<Record<string, readonly string[]>> = {
  limit_only: ['limit'],
  post_only: ['limit (post-only)'],
};

/**
 * Reads the response of Kraken's `AssetPairs`; leaves out pairs without a stream.
 * @throws MalformedFrameError
 */
export function krakenListings(body: string): Listings {
  const rows = Object.values(fieldsOf(fieldsOf(parseFrame(body))['result']));
  return readListings(rows, { symbolOf: (fields) => namesOf(fields).join('-'), listingOf });
}

/** The base and the quote asset of a pair. */
function namesOf(fields: Fields): readonly string[] {
  return textOf(fields['wsname'])
    .split('/')
    .map((name) => NAMES[name] ?? name);
}

function listingOf(fields: Fields): VenueListing {
  const names = namesOf(fields);
  // A pair without a word for its state is in the usual one.
  const status = fields['status'] === undefined ? 'online' : textOf(fields['status']);
  const tick = fields['tick_size'];
  const minQuantity = fields['ordermin'];
  return {
    venue: 'kraken',
    venueSymbol: names.join('/'),
    symbol: names.join('-'),
    status: krakenStatus(status),
    tickSize: tick === undefined ? priceOfUnits(stepOf(fields['pair_decimals'])) : priceOf(tick),
    quantityStep: quantityOfUnits(stepOf(fields['lot_decimals'])),
    minQuantity: minQuantity === undefined ? null : quantityOf(minQuantity),
    maxQuantity: null,
    minNotional: limitOf(fields['costmin']),
    maxNotional: null,
    orderTypes: ORDER_TYPES[status] ?? [],
  };
}

function stepOf(digits: unknown): bigint {
  return stepOfScale(integerOf(digits));
}
