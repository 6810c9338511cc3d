import { toTimestamp } from '#shared/domain/clock.ts';
import { formatUnits } from '#shared/domain/decimal.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity, type Quantity } from '#shared/domain/quantity.ts';
import { connectionOfGuard } from '#shared/identity/connection-guard.ts';
import type { OrderResolvers } from '../__generated__/graphql.ts';
import {
  averageFillPrice,
  isClosed,
  isOpen,
  leavesQuantity,
  limitPriceOf,
} from '../domain/order.ts';
import { requestedLimitPrice, versionOf } from '../domain/order-amend.ts';
import { lifeOf } from '../domain/order-life.ts';
import { orderTypeOf } from '../domain/order-trigger.ts';
import { sequencePage } from './sequence-page.ts';
import { stopLegAnswer } from './stop-leg-answer.ts';
import { amendAnswer } from './amend-answer.ts';
import { scalesOf } from './scales.ts';
import { timedPage } from './timed-page.ts';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }, context) => context.useCases.order(id),
  account: ({ accountId }) => ({ id: accountId }),
  instrument: ({ symbol }) => ({ symbol }),
  orderType: ({ terms, trigger }) => orderTypeOf(terms, trigger),
  timeInForce: (order) => lifeOf(order),
  status: ({ state }) => state.status,
  isOpen: (order) => isOpen(order),
  isClosed: (order) => isClosed(order),
  quantity: ({ quantity, symbol }, _args, context) =>
    formatQuantity(quantity, scalesOf(context, symbol).quantity),
  filledQuantity: ({ filledQuantity, symbol }, _args, context) =>
    formatQuantity(filledQuantity, scalesOf(context, symbol).quantity),
  leavesQuantity: (order, _args, context) =>
    formatQuantity(leavesQuantity(order), scalesOf(context, order.symbol).quantity),
  preventedQuantity: ({ preventedQuantity, symbol }, _args, context) =>
    formatQuantity(preventedQuantity, scalesOf(context, symbol).quantity),
  quoteQuantity: ({ instructions: { quoteQuantity }, symbol }, _args, context) =>
    quoteQuantity === null ? null : formatMoney(quoteQuantity, scalesOf(context, symbol).quote),
  displayQuantity: ({ instructions: { displayQuantity }, symbol }, _args, context) =>
    quantityOrNull(displayQuantity, scalesOf(context, symbol).quantity),
  shownQuantity: (order, _args, context) =>
    quantityOrNull(
      isOpen(order) ? order.state.shownQuantity : null,
      scalesOf(context, order.symbol).quantity,
    ),
  postOnly: ({ instructions }) => instructions.postOnly,
  selfTradePrevention: ({ instructions }) => instructions.selfTradePrevention,
  guardConnectionId: ({ instructions: { guardConnectionId } }) =>
    guardConnectionId === null ? null : connectionOfGuard(guardConnectionId),
  requestedLimitPrice: (order, _args, context) => {
    const price = requestedLimitPrice(order);
    return price === null ? null : formatPrice(price, scalesOf(context, order.symbol).price);
  },
  limitPrice: ({ terms, symbol }, _args, context) => {
    const price = limitPriceOf(terms);
    return price === null ? null : formatPrice(price, scalesOf(context, symbol).price);
  },
  triggerPrice: ({ trigger, symbol }, _args, context) =>
    trigger === null ? null : formatPrice(trigger.triggerPrice, scalesOf(context, symbol).price),
  triggerSource: ({ trigger }) => trigger?.source ?? null,
  trailingOffset: ({ trigger }) =>
    trigger?.trailing == null ? null : formatUnits(trigger.trailing.offset),
  trailingOffsetType: ({ trigger }) => trigger?.trailing?.type ?? null,
  triggeredAt: ({ trigger }) => timestampOrNull(trigger?.triggeredAt ?? null),
  expireAt: ({ expireAt }) => timestampOrNull(expireAt),
  stopLeg: ({ link, symbol }, _args, context) =>
    link.stop === null ? null : stopLegAnswer(link.stop, scalesOf(context, symbol)),
  parentOrderId: ({ link }) => link.parentOrderId,
  rfqId: ({ link }) => link.rfqId,
  version: versionOf,
  amends: ({ amends, symbol }, _args, context) =>
    context.pieces.of(amends, (amend) => amendAnswer(amend, scalesOf(context, symbol))),
  averageFillPrice: (order, _args, context) => {
    const price = averageFillPrice(order);
    return price === null ? null : formatPrice(price, scalesOf(context, order.symbol).price);
  },
  filledNotional: ({ filledNotional, symbol }, _args, context) =>
    formatMoney(filledNotional, scalesOf(context, symbol).quote),
  fees: ({ fees, symbol }, _args, context) => formatMoney(fees, scalesOf(context, symbol).quote),
  denial: ({ state }) => (state.status === 'DENIED' ? state.violations[0] : null),
  rejectReason: ({ state }) => (state.status === 'REJECTED' ? state.rejectReason : null),
  cancelReason: ({ state }) => (state.status === 'CANCELED' ? state.cancelReason : null),
  expireReason: ({ state }) => (state.status === 'EXPIRED' ? state.expireReason : null),
  fills: async ({ id }, _args, { loaders, pieces }) =>
    pieces.of((await loaders.firstFills(id)).rows, (fill) => fill),
  hasMoreFills: async ({ id }, _args, { loaders }) => (await loaders.firstFills(id)).hasMore,
  allFills: ({ id }, args, { loaders }) =>
    sequencePage(
      `orderFills/${id}`,
      args,
      (page) => loaders.fillsOfOrder(id, page),
      ({ sequence }) => sequence,
    ),
  preventedMatches: async ({ id }, _args, { loaders, pieces }) =>
    pieces.of((await loaders.firstPreventedMatches(id)).rows, (match) => match),
  hasMorePreventedMatches: async ({ id }, _args, { loaders }) =>
    (await loaders.firstPreventedMatches(id)).hasMore,
  allPreventedMatches: ({ id }, args, { loaders }) =>
    timedPage(
      `preventedMatches/${id}`,
      args,
      (page) => loaders.preventedMatchesOfOrder(id, page),
      (match) => match,
    ),
  createdAt: ({ createdAt }) => toTimestamp(createdAt),
  acceptedAt: ({ state }) => timestampOrNull('acceptedAt' in state ? state.acceptedAt : null),
  updatedAt: ({ updatedAt }) => toTimestamp(updatedAt),
  closedAt: ({ state }) => timestampOrNull('closedAt' in state ? state.closedAt : null),
};

function quantityOrNull(quantity: Quantity | null, scale: number): string | null {
  return quantity === null ? null : formatQuantity(quantity, scale);
}

function timestampOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toTimestamp(epochMs);
}
