import { formatUnits } from '#shared/domain/decimal.ts';
import type { LastLookResolvers } from '../__generated__/graphql.ts';

export const LastLook: LastLookResolvers = {
  midPrice: ({ midPrice }) => (midPrice === null ? null : formatUnits(midPrice)),
  moveBps: ({ moveBps }) => formatUnits(moveBps),
  takenBps: ({ takenBps }) => formatUnits(takenBps),
};
