import { toTimestamp } from '#shared/domain/clock.ts';
import type { PriceLevelsResolvers } from '../__generated__/graphql.ts';

export const PriceLevels: PriceLevelsResolvers = {
  levels: ({ levels, symbol }) => levels.map((level) => ({ ...level, symbol })),
  asOf: ({ asOf }) => toTimestamp(asOf),
  sequence: ({ sequence }) => `${sequence}`,
  previousSequence: ({ previousSequence }) => `${previousSequence}`,
  conflated: ({ sequence, previousSequence }) => sequence - previousSequence - 1,
};
