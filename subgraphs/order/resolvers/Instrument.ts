import type { InstrumentResolvers } from '../__generated__/graphql.ts';

export const Instrument: InstrumentResolvers = {
  // Nothing of ours hangs on an instrument: whether there is one is market-data's to say.
  __resolveReference: ({ symbol }) => ({ symbol }),
};
