import { formatPrice } from '#shared/domain/price.ts';
import { parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const Instrument: InstrumentResolvers = {
  // Whether there is such an instrument is market-data's to say.
  __resolveReference: ({ symbol }) => ({ symbol }),
  deskLastPrice: async ({ symbol: text }, _args, context) => {
    const symbol = parseInstrumentSymbol(text);
    const price = symbol === null ? null : await context.useCases.lastPrice(symbol);
    return symbol === null || price === null
      ? null
      : formatPrice(price, scalesOf(context, symbol).price);
  },
};
