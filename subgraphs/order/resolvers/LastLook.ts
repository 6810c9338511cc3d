import { formatUnits } from '#shared/domain/decimal.ts';
import type { LastLookResolvers } from '../__generated__/graphql.ts';
import { scalesOf } from './scales.ts';

export const LastLook: LastLookResolvers = {
  midPrice: ({ midPrice, symbol }, _args, context) =>
    midPrice === null ? null : formatUnits(midPrice, scalesOf(context, symbol).price),
  moveBps: ({ moveBps }) => formatUnits(moveBps),
  takenBps: ({ takenBps }) => formatUnits(takenBps),
};
