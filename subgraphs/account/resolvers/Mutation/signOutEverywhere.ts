import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { traderOf } from '../trader-of.ts';

export const signOutEverywhere: NonNullable<MutationResolvers['signOutEverywhere']> = async (
  _parent,
  _args,
  { viewer, useCases },
) => ({ endedSessions: await useCases.sessions.endAll(traderOf(viewer).userId) });
