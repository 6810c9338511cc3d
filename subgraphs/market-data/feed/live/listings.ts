import type { VenueListing } from '../../domain/catalog/venue-listing.ts';
import { type Fields, fieldsOf } from '../frames/frame-fields.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';

/** A venue's instruments by our symbol; null for one whose row cannot be read. */
export type Listings = ReadonlyMap<string, VenueListing | null>;

/** How to read one row of a venue's list; both throw MalformedFrameError. */
interface ReadRow {
  readonly symbolOf: (row: Fields) => string;
  readonly listingOf: (row: Fields) => VenueListing;
}

/**
 * Reads a venue's list row by row. One unreadable row does not affect the others, and a row without a
 * name is skipped.
 * @throws MalformedFrameError if the list has no instrument
 */
export function readListings(rows: readonly unknown[], { symbolOf, listingOf }: ReadRow): Listings {
  const listings = new Map<string, VenueListing | null>();
  for (const row of rows) {
    const symbol = orNull(() => symbolOf(fieldsOf(row)));
    if (symbol !== null)
      listings.set(
        symbol,
        orNull(() => listingOf(fieldsOf(row))),
      );
  }
  if (listings.size === 0) throw new MalformedFrameError('it lists no instrument.');
  return listings;
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof MalformedFrameError) return null;
    throw cause;
  }
}
