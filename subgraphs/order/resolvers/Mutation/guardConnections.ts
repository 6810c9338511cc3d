import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { orUnavailable } from '../unavailable.ts';

export const guardConnections: NonNullable<MutationResolvers['guardConnections']> = async (
  _parent,
  { connections },
  { useCases },
) => {
  const guards = connections.map(({ connectionId, lifeMs = null }) => ({ connectionId, lifeMs }));
  await orUnavailable(useCases.guardConnections(guards));
  return true;
};
