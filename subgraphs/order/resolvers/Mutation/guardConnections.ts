import { parseAccountId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { connectionGuard } from '#shared/identity/connection-guard.ts';
import type { MutationResolvers } from '../../__generated__/graphql.ts';
import { orUnavailable } from '../unavailable.ts';

export const guardConnections: NonNullable<MutationResolvers['guardConnections']> = async (
  _parent,
  { connections },
  { useCases },
) => {
  const guards = connections.map(({ userId, connectionId, lifeMs = null, takeOver }) => {
    const guardOf = (id: string) => connectionGuard(trusted(parseUserId, userId), id);
    const guard = { connectionId: guardOf(connectionId), lifeMs };
    if (takeOver == null) return guard;
    const accountIds = takeOver.accountIds.map((id) => trusted(parseAccountId, id));
    return { ...guard, takeOver: { connectionId: guardOf(takeOver.connectionId), accountIds } };
  });
  await orUnavailable(useCases.guardConnections(guards));
  return true;
};
