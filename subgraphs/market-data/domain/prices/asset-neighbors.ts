import type { Instrument } from '#shared/domain/instrument.ts';

/** For each asset those that have an instrument with it, in the order in which `<` has their codes. */
export function assetNeighbors(
  instruments: Iterable<Pick<Instrument, 'base' | 'quote'>>,
): ReadonlyMap<string, readonly string[]> {
  const neighbors = new Map<string, Set<string>>();
  const note = (code: string, other: string) =>
    neighbors.set(code, (neighbors.get(code) ?? new Set()).add(other));
  for (const { base, quote } of instruments) {
    note(base, quote);
    note(quote, base);
  }
  return new Map([...neighbors].map(([code, others]) => [code, [...others].toSorted()]));
}
