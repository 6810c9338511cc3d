import { toTimestamp } from '#shared/domain/clock.ts';
import { parseAccountId, parseAssetCode } from '#shared/domain/ids.ts';
import { parseMoney } from '#shared/domain/money.ts';
import { connectionOf } from '#shared/graphql/connection.ts';
import { parseListPage, parseSequencePage } from '#shared/graphql/list-page.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import { parseStoredTime } from '#shared/graphql/stored-time.ts';
import { may } from '#shared/identity/permission.ts';
import { roleOn } from '#shared/identity/viewer.ts';
import type { AccountResolvers } from '../__generated__/graphql.ts';
import { HISTORY_INTERVAL_MS } from '../domain/account-history.ts';
import { balanceText } from '../domain/balance-event.ts';
import { accountStatementAnswer } from './account-statement-answer.ts';

/** Longer than any code; what a client sends can be much longer. */
const MAX_SHOWN = 40;

export const Account: AccountResolvers = {
  __resolveReference: (reference, { viewer, loaders }) => {
    const id = parseAccountId(reference.id);
    return id !== null && may(viewer, 'SEE_ACCOUNT', id) ? loaders.accounts.load(id) : null;
  },
  role: ({ id }, _args, { viewer }) => {
    const role = roleOn(viewer, id);
    if (role !== null) return role;
    throw new DomainError(DomainErrorCode.FORBIDDEN, 'You have no role on this account.');
  },
  createdAt: ({ createdAtMs }) => toTimestamp(createdAtMs),
  closedAt: ({ closedAtMs }) => (closedAtMs === null ? null : toTimestamp(closedAtMs)),
  balances: async ({ id }, { omitZero, at }, { loaders }) => {
    if (at != null) {
      const past = await loaders.pastBalances.load({ accountId: id, atMs: Date.parse(at) });
      return past.filter(({ total }) => !omitZero || parseMoney(total) !== 0n);
    }
    const balances = await loaders.balances.load(id);
    return balances
      .filter(({ balance }) => !omitZero || balance.total !== 0n)
      .map(({ balance, scale }) => balanceText(balance, scale));
  },
  balancesToValue: async ({ id }, _args, { loaders }) =>
    (await loaders.balances.load(id)).map(({ balance, scale }) => balanceText(balance, scale)),
  history: (account, args, { useCases }) => {
    const { interval } = args;
    const list = `history/${account.id}/${interval}`;
    const { page, before, limit, positionOf } = parseListPage(args, list, parseStoredTime);
    const intervalMs = HISTORY_INTERVAL_MS[interval];
    const query = { intervalMs, period: parsePeriod(args), afterMs: before, count: limit };
    const points = useCases.history(account, query);
    return connectionOf(points, page, ({ at }) => positionOf(String(Date.parse(at))));
  },
  members: async ({ id }, _args, { loaders }) => [...(await loaders.members.load(id))],
  memberChanges: async ({ id }, args, { useCases }) => {
    const { page, positionOf, ...key } = parseSequencePage(args, `memberChanges/${id}`);
    const changes = await useCases.members.changesOf(id, key);
    return connectionOf(changes, page, ({ sequence }) => positionOf(`${sequence}`));
  },
  statement: async ({ id }, args, { loaders }) => {
    const period = parsePeriod(args);
    return accountStatementAnswer(await loaders.statements.load({ accountId: id, period }));
  },
  ledgerEntries: async ({ id }, args, { loaders }) => {
    const { omitTrades } = args;
    const list = `ledger/${id}/${args.asset ?? ''}${omitTrades ? '/without-trades' : ''}`;
    const { page, positionOf, ...place } = parseSequencePage(args, list);
    const period = parsePeriod(args);
    const asset =
      args.asset == null ? null : (parseAssetCode(args.asset) ?? noSuchAsset(args.asset));
    const key = { accountId: id, asset, omitsTrades: omitTrades, period, ...place };
    const entries = await loaders.entries.load(key);
    // A slip must not look like an empty list.
    if (entries.length === 0 && asset !== null && !(await loaders.isAsset.load(asset)))
      return noSuchAsset(asset);
    return connectionOf(entries, page, ({ entry }) => positionOf(`${entry.sequence}`));
  },
};

function noSuchAsset(code: string): never {
  const message = `There is no asset ${JSON.stringify(code.slice(0, MAX_SHOWN))}.`;
  throw new DomainError(DomainErrorCode.BAD_USER_INPUT, message);
}
