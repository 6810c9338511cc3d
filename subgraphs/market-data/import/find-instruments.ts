import type { AssetCode, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Asset, Catalog } from '../domain/catalog/catalog.ts';
import { DESK_TERMS } from '../domain/catalog/desk-terms.ts';
import { listedInstrument } from '../domain/catalog/listed-instrument.ts';
import type { Pair } from '../domain/catalog/pair.ts';
import { fetchListings } from '../feed/live/fetch-listings.ts';
import type { Listings } from '../feed/live/listings.ts';
import type { VenueProtocol } from '../feed/live/venue-protocol.ts';

const TIMEOUT_MS = 30_000;
/** Decimal places of an asset new to the desk, like those of the desk's own assets. */
const NEW_ASSET_SCALE = 8;

/** The wanted instruments: which are new, as the venue lists them, and which the desk already has. */
export interface FoundInstruments {
  /** The assets of all of them, including assets that the desk already has: a ledger that was restored may lack them. */
  readonly assets: readonly Asset[];
  readonly instruments: readonly Instrument[];
  /** Symbols that the desk already has; their terms do not change. */
  readonly known: readonly InstrumentSymbol[];
}

/**
 * Looks the wanted pairs up in a venue's own list.
 * @throws Error with one sentence if the list cannot be read, or a pair is missing or unsuitable
 */
export async function findInstruments(
  protocol: VenueProtocol,
  wanted: readonly Pair[],
  { assets, instruments }: Catalog,
): Promise<FoundInstruments> {
  const listings = await listingsOf(protocol);
  const isKnown = ({ symbol }: Pair) => instruments.has(symbol);
  const fresh = wanted.filter((pair) => !isKnown(pair));
  const codes = new Set(wanted.flatMap(({ base, quote }) => [base, quote]));
  const found = new Map(
    [...codes].map((code): [string, Asset] => [
      code,
      assets.get(code) ?? { code, name: code, scale: NEW_ASSET_SCALE },
    ]),
  );
  return {
    assets: [...found.values()],
    instruments: fresh.map((pair) => instrumentOf(pair, { listings, assets: found, protocol })),
    known: wanted.filter(isKnown).map(({ symbol }) => symbol),
  };
}

async function listingsOf(protocol: VenueProtocol): Promise<Listings> {
  try {
    return await fetchListings(protocol, { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    // The message of `fetch` is only "fetch failed": its cause says why.
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Error(`The list of ${protocol.venue} cannot be read: ${reason}`, { cause: error });
  }
}

function instrumentOf(
  pair: Pair,
  found: {
    readonly listings: Listings;
    readonly assets: ReadonlyMap<string, Asset>;
    readonly protocol: VenueProtocol;
  },
): Instrument {
  const { venue } = found.protocol;
  const listing = found.listings.get(pair.symbol);
  if (listing === undefined) throw new Error(`${venue} does not list ${pair.symbol}.`);
  if (listing === null) throw new Error(`How ${venue} lists ${pair.symbol} cannot be read.`);
  const scaleOf = (code: AssetCode) => found.assets.get(code)?.scale ?? NEW_ASSET_SCALE;
  const listed = listedInstrument(listing, {
    ...pair,
    ...DESK_TERMS,
    baseScale: scaleOf(pair.base),
    quoteScale: scaleOf(pair.quote),
  });
  if (listed.kind === 'unfit')
    throw new Error(`${pair.symbol} of ${venue} cannot be traded here: it ${listed.why}.`);
  return listed.instrument;
}
