import {
  type AssetCode,
  type InstrumentSymbol,
  parseAssetCode,
  parseInstrumentSymbol,
} from '#shared/domain/ids.ts';

/** An instrument by its name alone, whether the desk has it or not. */
export interface Pair {
  readonly symbol: InstrumentSymbol;
  readonly base: AssetCode;
  readonly quote: AssetCode;
}

/** Reads `BASE-QUOTE`. @returns null for anything else */
export function parsePair(text: string): Pair | null {
  const symbol = parseInstrumentSymbol(text);
  const [base, quote] = text.split('-').map(parseAssetCode);
  return symbol && base && quote ? { symbol, base, quote } : null;
}
