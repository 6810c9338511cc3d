import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type {
  AmendOrderInput,
  AmendOrdersInput,
  OrderChangesInput,
} from '../__generated__/graphql.ts';
import type { AmendOrder, AmendOrders } from '../domain/use-cases/amend-order.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { checkBatch } from './check-batch.ts';
import { parseOrderReference } from './parse-cancel-order.ts';
import { unitsOf } from './units-of.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it names the order by one id */
export function parseAmendOrder(input: AmendOrderInput): AmendOrder {
  const { accountId, amendId, expectedVersion, validUntil, changes } = input;
  return {
    accountId,
    order: parseOrderReference(input.order),
    amendId,
    expectedVersion: expectedVersion ?? null,
    validUntil: validUntil == null ? null : Date.parse(validUntil),
    changes: changesOf(changes),
  };
}

/** The command of an input. @throws DomainError BAD_USER_INPUT as {@link parseAmendOrder}, and for a batch that is empty or too large */
export function parseAmendOrders({ amends, ...all }: AmendOrdersInput): AmendOrders {
  checkBatch('amends', amends);
  return {
    accountId: all.accountId,
    amends: amends.map((amend) => parseAmendOrder({ ...all, ...amend })),
  };
}

function changesOf({
  quantity,
  limitPrice,
  triggerPrice,
  stopLimitPrice,
  expireAt,
}: OrderChangesInput): OrderChanges {
  return {
    ...(quantity == null ? {} : { quantity: quantityOfUnits(unitsOf(quantity)) }),
    ...(limitPrice == null ? {} : { limitPrice: priceOfUnits(unitsOf(limitPrice)) }),
    ...(triggerPrice == null ? {} : { triggerPrice: priceOfUnits(unitsOf(triggerPrice)) }),
    ...(stopLimitPrice == null ? {} : { stopLimitPrice: priceOfUnits(unitsOf(stopLimitPrice)) }),
    ...(expireAt == null ? {} : { expireAt: Date.parse(expireAt) }),
  };
}
