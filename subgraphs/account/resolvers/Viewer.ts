import { invariant } from '#shared/domain/invariant.ts';
import type { ViewerResolvers } from '../__generated__/graphql.ts';
import { scopeNamesOf } from './scope-names.ts';

export const Viewer: ViewerResolvers = {
  id: ({ userId }) => userId,
  name: async ({ userId }, _args, { useCases }) => {
    const user = await useCases.people.userById(userId);
    invariant(user !== null, `the viewer ${userId} is not known`);
    return user.name;
  },
  scopes: ({ scopes }) => scopeNamesOf(scopes),
  accounts: async ({ accounts }, _args, { loaders }) => {
    const loaded = await Promise.all(
      accounts.map(({ accountId }) => loaders.accounts.load(accountId)),
    );
    return loaded.filter((account) => account !== null);
  },
  sessions: async ({ userId }, _args, { useCases }) => [
    ...(await useCases.sessions.liveOf(userId)),
  ],
  apiKeys: async ({ userId }, _args, { useCases }) => [...(await useCases.apiKeys.keysOf(userId))],
};
