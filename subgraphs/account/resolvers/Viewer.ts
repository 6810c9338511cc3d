import { toTimestamp } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { parseSequence } from '#shared/domain/sequence.ts';
import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
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
  secondFactor: async ({ userId }, _args, { useCases }) => {
    const { confirmedAtMs, recoveryCodesLeft } = await useCases.secondFactor.stateOf(userId);
    const confirmedAt = confirmedAtMs === null ? null : toTimestamp(confirmedAtMs);
    return { isOn: confirmedAt !== null, confirmedAt, recoveryCodesLeft };
  },
  quotas: (_viewer, _args, { quota }) => (quota === null ? [] : [{ kind: 'COST', ...quota }]),
  auditTrail: async ({ userId }, args, { useCases }) => {
    const page = parsePageRequest(args, (position) => parseSequence(position) !== null);
    const before = page.after === null ? null : parseSequence(page.after);
    const entries = await useCases.trail.entriesOf(userId, { before, limit: page.limit + 1 });
    return connectionOf(entries, page, ({ sequence }) => `${sequence}`);
  },
  apiKeys: async ({ userId }, _args, { useCases }) => [...(await useCases.apiKeys.keysOf(userId))],
};
