import type { AssetCode, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';

/** An asset that is traded and held. */
export interface Asset {
  readonly code: AssetCode;
  readonly name: string;
  /** Digits after the point of an amount of it. */
  readonly scale: number;
}

/** Which instruments to list; null leaves a condition out. */
export interface InstrumentFilter {
  readonly symbols: ReadonlySet<string> | null;
  readonly base: AssetCode | null;
  readonly quote: AssetCode | null;
  readonly statuses: readonly InstrumentStatus[] | null;
}

/** Every asset and instrument of the desk; few, and loaded once at the start. */
export interface Catalog {
  /** By code, in the order in which `<` has the codes. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** By symbol, in the order in which `<` has the symbols. */
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/** The venues whose symbols we can read. */
export type Venue = keyof typeof SPELLINGS;

/** See {@link Venue}. */
export const VENUES: readonly string[] = ['binance', 'kraken', 'coinbase'] satisfies Venue[];

/** Whether this is the name of a venue that we can read. */
export function isVenue(name: string): name is Venue {
  return VENUES.includes(name);
}

type Pair = Readonly<Record<'base' | 'quote', string>>;

/** How a venue writes an instrument: for `BTC-USDT` `BTCUSDT`, `BTC/USDT` or as we do. */
const SPELLINGS = {
  binance: ({ base, quote }: Pair) => `${base}${quote}`,
  kraken: ({ base, quote }: Pair) => `${base}/${quote}`,
  coinbase: ({ base, quote }: Pair) => `${base}-${quote}`,
} as const;

/** A venue's symbols, each with ours. */
export function venueSymbols(
  venue: Venue,
  instruments: Iterable<Pair & Pick<Instrument, 'symbol'>>,
): ReadonlyMap<string, InstrumentSymbol> {
  return new Map(
    [...instruments].map((instrument): [string, InstrumentSymbol] => [
      SPELLINGS[venue](instrument),
      instrument.symbol,
    ]),
  );
}
