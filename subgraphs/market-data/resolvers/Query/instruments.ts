import { type AssetCode, parseInstrumentSymbol } from '#shared/domain/ids.ts';
import { connectionOf, MAX_PAGE_SIZE, parsePageRequest } from '#shared/graphql/connection.ts';
import type { QueryResolvers } from '../../__generated__/graphql.ts';
import type { MarketDataUseCases } from '../../use-cases.ts';
import { marketOf } from '../markets-of.ts';
import { refuse } from '../refuse.ts';

export const instruments: NonNullable<QueryResolvers['instruments']> = (
  _,
  { filter, ...args },
  { useCases },
) => {
  const page = parsePageRequest(args, (position) => parseInstrumentSymbol(position) !== null);
  const wanted = {
    symbols: knownSymbols(filter?.symbols, useCases),
    base: knownAsset(filter?.base, useCases),
    quote: knownAsset(filter?.quote, useCases),
    statuses: filter?.statuses ?? null,
  };
  const following = useCases.instruments(wanted, page.after, page.limit + 1);
  return connectionOf(following, page, ({ symbol }) => symbol);
};

/** Refuses an unknown symbol, for the same reason as {@link knownAsset}. */
function knownSymbols(
  symbols: readonly string[] | null | undefined,
  useCases: MarketDataUseCases,
): ReadonlySet<string> | null {
  if (symbols == null) return null;
  if (symbols.length > MAX_PAGE_SIZE)
    return refuse(
      `Field "symbols" can name at most ${MAX_PAGE_SIZE} instruments; it named ${symbols.length}.`,
    );
  return new Set(symbols.map((symbol) => marketOf(symbol, useCases).instrument.symbol));
}

/**
 * Refuses an unknown asset: a typing error must not look like an empty list.
 * @returns null if there is no condition
 */
function knownAsset(
  code: string | null | undefined,
  useCases: MarketDataUseCases,
): AssetCode | null {
  if (code == null) return null;
  return useCases.asset(code)?.code ?? refuse(`There is no asset ${code}.`);
}
