import { parseInstrumentSymbol } from './ids.ts';

/** Longer than any symbol; what a client sends can be much longer. */
const MAX_SHOWN = 40;

/**
 * What a client learns about a symbol that the desk does not have. Other venues write symbols in
 * other ways, so a malformed one is answered with the form that the desk uses.
 */
export function unknownInstrumentMessage(symbol: string): string {
  if (parseInstrumentSymbol(symbol) !== null) return `There is no instrument ${symbol}.`;
  const shown = symbol.length > MAX_SHOWN ? `${symbol.slice(0, MAX_SHOWN)}…` : symbol;
  return `There is no instrument ${JSON.stringify(shown)}: a symbol is BASE-QUOTE in capital letters, like BTC-USDT.`;
}
