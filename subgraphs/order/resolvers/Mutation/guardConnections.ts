import { parseAccountId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { connectionGuard } from '#shared/identity/connection-guard.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { orUnavailable } from '../unavailable.ts';

export const guardConnections: NonNullable<MutationResolvers['guardConnections']> = async (
  _parent,
  { connections },
  { useCases },
) => {
  const guards = connections.map(({ userId: user, connectionId, lifeMs = null, takeOver }) => {
    const userId = trusted(parseUserId, user);
    const guardOf = (id: string) => connectionGuard(userId, id);
    const guard = { connectionId: guardOf(connectionId), lifeMs };
    if (takeOver == null) return guard;
    const accountIds = takeOver.accountIds.map((id) => trusted(parseAccountId, id));
    const from = guardOf(takeOver.connectionId);
    return { ...guard, takeOver: { connectionId: from, userId, accountIds } };
  });
  return orUnavailable(useCases.guardConnections(guards));
};
