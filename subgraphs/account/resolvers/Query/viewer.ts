import type { QueryResolvers } from '../../__generated__/graphql.ts';
import { traderOf } from '../trader-of.ts';

export const viewer: NonNullable<QueryResolvers['viewer']> = (_parent, _args, context) =>
  traderOf(context.viewer);
