import { toTimestamp } from '#shared/domain/clock.ts';
import { parseAccountId } from '#shared/domain/ids.ts';
import { may } from '#shared/identity/permission.ts';
import type { AccountResolvers } from '../__generated__/graphql.ts';
import { feeTierAnswer } from './fee-tier-answer.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import { ordersPage } from './orders-page.ts';
import { rfqLimitsAnswer } from './rfq-limits-answer.ts';
import { rfqStatisticsAnswer } from './rfq-statistics-answer.ts';
import { rfqsPage } from './rfqs-page.ts';
import { sequencePage } from './sequence-page.ts';
import { tradingControlsAnswer } from './trading-controls-answer.ts';
import { tradingLimitsAnswer } from './trading-limits-answer.ts';
import { tradingStatementAnswer } from './trading-statement-answer.ts';
import { orUnavailable } from './unavailable.ts';
import { unlessUnknownSymbol } from './unless-unknown-symbol.ts';

export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { viewer }) => {
    const accountId = parseAccountId(id);
    return accountId !== null && may(viewer, 'SEE_ACCOUNT', accountId) ? { id } : null;
  },
  orders: ({ id }, args, context) => ordersPage(id, args, context),
  fills: ({ id }, { symbol, ...args }, { useCases, instruments }) => {
    const listing = { symbol, period: parsePeriod(args) };
    return sequencePage(
      `fills/${id}`,
      args,
      async (page) =>
        unlessUnknownSymbol(await useCases.fills(id, listing, page), symbol, instruments),
      ({ sequence }) => sequence,
    );
  },
  tradingStatement: async ({ id }, args, context) => {
    const read = await context.useCases.tradingStatement(id, parsePeriod(args));
    return read === null ? null : tradingStatementAnswer(read, context);
  },
  feeTier: async ({ id }, _args, { useCases }) => {
    const read = await useCases.feeTier(id);
    return read === null ? null : feeTierAnswer(read);
  },
  tradingLimits: async ({ id }, { symbol }, { useCases }) => {
    const limits = await orUnavailable(useCases.tradingLimits(id, symbol));
    return limits === null ? null : tradingLimitsAnswer(limits);
  },
  cancelsAllAt: async ({ id }, _args, { useCases }) => {
    const firesAt = await orUnavailable(useCases.cancelTimer(id));
    return firesAt === null ? null : toTimestamp(firesAt);
  },
  tradingControls: async ({ id }, _args, { useCases }) => {
    const found = await orUnavailable(useCases.tradingControls(id));
    return found === null ? null : tradingControlsAnswer(found);
  },
  rfqs: ({ id }, args, context) => rfqsPage(id, args, context),
  rfqStatistics: async ({ id }, args, context) => {
    const read = await context.rfqUseCases.rfqStatistics(id, parsePeriod(args));
    return read === null ? null : rfqStatisticsAnswer(read, context);
  },
  rfqLimits: async ({ id }, { symbol }, { rfqUseCases }) => {
    const limits = await orUnavailable(rfqUseCases.rfqLimits(id, symbol));
    return limits === null ? null : rfqLimitsAnswer(limits);
  },
  positions: async ({ id }, _args, { useCases }) => [...(await useCases.positions(id))],
};
