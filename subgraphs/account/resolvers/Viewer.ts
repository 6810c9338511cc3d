import { toTimestamp } from '#shared/domain/clock.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { connectionOf } from '#shared/graphql/connection.ts';
import { parseSequencePage } from '#shared/graphql/list-page.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import type { ViewerResolvers } from '../__generated__/graphql.ts';
import { creationText, parseCreationPage } from './creation-page.ts';
import { savedAddressesOnlyOf } from './saved-addresses-only.ts';
import { scopeNamesOf } from './scope-names.ts';

export const Viewer: ViewerResolvers = {
  id: ({ userId }) => userId,
  name: async ({ userId }, _args, { useCases }) => {
    const user = await useCases.users.userById(userId);
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
  apiKey: ({ credential }, _args, { useCases }) =>
    credential.kind === 'apiKey' ? useCases.apiKeys.key(credential.keyId) : null,
  sessions: async ({ userId }, _args, { useCases }) => [
    ...(await useCases.sessions.liveOf(userId)),
  ],
  sessionHistory: async ({ userId }, args, { useCases }) => {
    const { page, positionOf, ...key } = parseCreationPage(args, `sessions/${userId}`);
    const sessions = await useCases.sessions.pageOf(userId, key);
    return connectionOf(sessions, page, (session) => positionOf(creationText(session)));
  },
  secondFactor: async ({ userId }, _args, { useCases }) => {
    const { confirmedAtMs, recoveryCodesLeft } = await useCases.secondFactor.stateOf(userId);
    const confirmedAt = confirmedAtMs === null ? null : toTimestamp(confirmedAtMs);
    return { isOn: confirmedAt !== null, confirmedAt, recoveryCodesLeft };
  },
  withdrawalAddresses: async ({ userId }, _args, { useCases }) => [
    ...(await useCases.withdrawalAddresses.addressesOf(userId)),
  ],
  savedAddressesOnly: async ({ userId }, _args, { useCases }) =>
    savedAddressesOnlyOf(await useCases.withdrawalAddresses.policyOf(userId)),
  quotas: (_viewer, _args, { quota }) => (quota === null ? [] : [{ kind: 'COST', ...quota }]),
  auditTrail: async ({ userId }, args, { useCases }) => {
    const { page, positionOf, ...key } = parseSequencePage(args, `audit/${userId}`);
    const period = parsePeriod(args);
    const entries = await useCases.trail.entriesOf(userId, { ...key, period });
    return connectionOf(entries, page, ({ sequence }) => positionOf(`${sequence}`));
  },
  apiKeys: async ({ userId }, _args, { useCases }) => [...(await useCases.apiKeys.keysOf(userId))],
  apiKeyHistory: async ({ userId }, args, { useCases }) => {
    const { page, positionOf, ...key } = parseCreationPage(args, `apiKeys/${userId}`);
    const keys = await useCases.apiKeys.pageOf(userId, key);
    return connectionOf(keys, page, (apiKey) => positionOf(creationText(apiKey)));
  },
};
