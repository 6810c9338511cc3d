import { invariant } from '#shared/domain/invariant.ts';
import type { QuoteResolvers } from '../__generated__/graphql.ts';

/** The fields of a quote beyond its own properties. */
export const Quote: QuoteResolvers = {
  instrument: ({ symbol }, _args, { useCases }) => {
    const instrument = useCases.instrument(symbol);
    invariant(instrument !== null, `a quote of the unknown instrument ${symbol}`);
    return instrument;
  },
};
