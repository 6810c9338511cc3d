import { parseUserId, trusted } from '#shared/domain/ids.ts';
import { connectionGuard } from '#shared/identity/connection-guard.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { orUnavailable } from '../unavailable.ts';

export const guardConnections: NonNullable<MutationResolvers['guardConnections']> = async (
  _parent,
  { connections },
  { useCases },
) => {
  const guards = connections.map(({ userId, connectionId, lifeMs = null }) => ({
    connectionId: connectionGuard(trusted(parseUserId, userId), connectionId),
    lifeMs,
  }));
  await orUnavailable(useCases.guardConnections(guards));
  return true;
};
