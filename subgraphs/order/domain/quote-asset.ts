import {
  type AssetCode,
  type InstrumentSymbol,
  parseAssetCode,
  trusted,
} from '#shared/domain/ids.ts';

/** The asset that an instrument is paid in: the second part of its symbol. */
export function quoteAssetOf(symbol: InstrumentSymbol): AssetCode {
  return trusted(parseAssetCode, symbol.slice(symbol.indexOf('-') + 1));
}
