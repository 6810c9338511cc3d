import type { AssetCode, InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';

/** What is traded and held. */
export interface Asset {
  readonly code: AssetCode;
  readonly name: string;
  /** Digits behind the point of an amount of it. */
  readonly scale: number;
}

/** Every asset and instrument of the desk; few, and loaded once at the start. */
export interface Catalog {
  readonly assets: ReadonlyMap<string, Asset>;
  /** By symbol, in the order of the symbols. */
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/** How Binance writes an instrument: `BTCUSDT` for `BTC-USDT`. */
export function venueSymbols(
  instruments: Iterable<Instrument>,
): ReadonlyMap<string, InstrumentSymbol> {
  return new Map(
    [...instruments].map(({ base, quote, symbol }): [string, InstrumentSymbol] => [
      `${base}${quote}`,
      symbol,
    ]),
  );
}
