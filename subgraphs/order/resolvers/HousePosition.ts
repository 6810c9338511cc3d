import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import type { HousePositionResolvers } from '../__generated__/graphql.ts';
import { breakEvenPrice } from '../domain/rfq/desk-book.ts';
import { scalesOf } from './scales.ts';

export const HousePosition: HousePositionResolvers = {
  instrument: ({ symbol }) => ({ symbol }),
  inventory: ({ inventory, symbol }, _args, context) =>
    formatUnits(inventory, scalesOf(context, symbol).quantity),
  received: ({ received, symbol }, _args, context) =>
    formatMoney(received, scalesOf(context, symbol).quote),
  breakEvenPrice: (position, _args, context) => {
    const price = breakEvenPrice(position);
    return price === null ? null : formatUnits(price, scalesOf(context, position.symbol).price);
  },
};
