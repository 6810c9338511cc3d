import { toTimestamp } from '#shared/domain/clock.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { RfqResolvers } from '../__generated__/graphql.ts';
import { acceptOf } from '../domain/rfq/rfq.ts';
import { lastLookOf } from './rfq-answers.ts';
import { scalesOf } from './scales.ts';
import { timedPage } from './timed-page.ts';

export const Rfq: RfqResolvers = {
  __resolveReference: ({ id }, { rfqUseCases }) => rfqUseCases.rfq(id),
  account: ({ accountId }) => ({ id: accountId }),
  instrument: ({ symbol }) => ({ symbol }),
  quantity: ({ size: { quantity }, symbol }, _args, context) =>
    quantity === null ? null : formatQuantity(quantity, scalesOf(context, symbol).quantity),
  quoteQuantity: ({ size: { quoteQuantity }, symbol }, _args, context) =>
    quoteQuantity === null ? null : formatMoney(quoteQuantity, scalesOf(context, symbol).quote),
  status: ({ state }) => state.status,
  quotes: async ({ id, symbol }, _args, { rfqLoaders, pieces }) =>
    pieces.of((await rfqLoaders.newestQuotes(id)).rows, (quote) => ({ ...quote, symbol })),
  hasMoreQuotes: async ({ id }, _args, { rfqLoaders }) =>
    (await rfqLoaders.newestQuotes(id)).hasMore,
  allQuotes: ({ id, symbol }, args, { rfqLoaders }) =>
    timedPage(
      `rfqQuotes/${id}`,
      args,
      async (page) => (await rfqLoaders.quotePage(id, page)).map((quote) => ({ ...quote, symbol })),
      ({ createdAt, ...quote }) => ({ at: createdAt, id: quote.id }),
    ),
  accept: (rfq) => {
    const accept = acceptOf(rfq);
    return accept === null ? null : { ...accept, symbol: rfq.symbol };
  },
  lastLook: (rfq) => lastLookOf(rfq),
  fillPrice: ({ state, symbol }, _args, context) =>
    state.status === 'FILLED'
      ? formatPrice(state.fillPrice, scalesOf(context, symbol).price)
      : null,
  rejectReason: ({ state }) => (state.status === 'REJECTED' ? state.rejectReason : null),
  order: (rfq, _args, { useCases }) => {
    const accept = acceptOf(rfq);
    return accept === null ? null : useCases.order(accept.orderId);
  },
  settlement: ({ id }, _args, { rfqLoaders }) => rfqLoaders.settlement(id),
  isQuotedByHand: ({ traderId }) => traderId !== null,
  createdAt: ({ createdAt }) => toTimestamp(createdAt),
  expiresAt: ({ expiresAt }) => toTimestamp(expiresAt),
  updatedAt: ({ updatedAt }) => toTimestamp(updatedAt),
  closedAt: ({ state }) => ('closedAt' in state ? toTimestamp(state.closedAt) : null),
};
