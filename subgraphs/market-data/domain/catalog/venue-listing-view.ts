import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { VenueListing } from './venue-listing.ts';

/** A venue's listing as the API shows it. */
export interface VenueListingView {
  readonly venue: string;
  readonly venueSymbol: string;
  readonly status: InstrumentStatus;
  readonly tickSize: string;
  readonly quantityStep: string;
  readonly minQuantity: string | null;
  readonly maxQuantity: string | null;
  readonly minNotional: string | null;
  readonly maxNotional: string | null;
  readonly orderTypes: readonly string[];
}

/** See {@link VenueListingView}. */
export function venueListingView(listing: VenueListing): VenueListingView {
  const { minQuantity, maxQuantity, minNotional, maxNotional } = listing;
  return {
    venue: listing.venue,
    venueSymbol: listing.venueSymbol,
    status: listing.status,
    tickSize: formatPrice(listing.tickSize),
    quantityStep: formatQuantity(listing.quantityStep),
    minQuantity: minQuantity === null ? null : formatQuantity(minQuantity),
    maxQuantity: maxQuantity === null ? null : formatQuantity(maxQuantity),
    minNotional: minNotional === null ? null : formatMoney(minNotional),
    maxNotional: maxNotional === null ? null : formatMoney(maxNotional),
    orderTypes: listing.orderTypes,
  };
}
