import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import type { MarketState } from '../domain/market-state.ts';
import type { VenuesOfInstrument } from '../streams/latest-consolidated.ts';
import type { MarketDataUseCases } from '../use-cases.ts';
import { refuse } from './refuse.ts';

const MAX_SYMBOLS = 50;

/** The market of a symbol. @throws DomainError BAD_USER_INPUT naming an unknown symbol */
export function marketOf(symbol: string, useCases: MarketDataUseCases): MarketState {
  return useCases.market(symbol) ?? unknownInstrument(symbol);
}

/** The markets of 1 to 50 symbols, without repeats. @throws DomainError BAD_USER_INPUT */
export function marketsOf(
  symbols: readonly string[],
  useCases: MarketDataUseCases,
): readonly MarketState[] {
  const distinct = [...new Set(symbols)];
  if (symbols.length < 1 || symbols.length > MAX_SYMBOLS)
    return refuse(
      `Argument "symbols" must name 1 to ${MAX_SYMBOLS} instruments; it named ${symbols.length}.`,
    );
  return distinct.map((symbol) => marketOf(symbol, useCases));
}

/**
 * An instrument on each venue that has it.
 * @throws DomainError BAD_USER_INPUT naming an unknown symbol
 */
export function venuesOf(symbol: string, useCases: MarketDataUseCases): VenuesOfInstrument {
  const [home, ...others] = useCases.marketsOfVenues(symbol);
  return home === undefined ? unknownInstrument(symbol) : [home, ...others];
}

function unknownInstrument(symbol: string): never {
  return refuse(unknownInstrumentMessage(symbol));
}
