import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { callerOf } from '../caller-of.ts';

export const signOutEverywhere: NonNullable<MutationResolvers['signOutEverywhere']> = async (
  _parent,
  _args,
  context,
) => ({ endedSessions: await context.useCases.sessions.endAll(callerOf(context)) });
