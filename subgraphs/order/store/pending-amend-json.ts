import { formatUnits } from '#shared/domain/decimal.ts';
import type { HoldChangeId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import type { OpenOrderState, StandingStatus } from '../domain/order.ts';
import { unitsOf } from './stored-decimal.ts';

type PendingState = Extract<OpenOrderState, { status: 'PENDING_UPDATE' }>;

/** A change that is asked for, and what its order goes back to, as JSON: decimals are text. */
export interface PendingAmendJson {
  readonly previousStatus: StandingStatus;
  readonly amendId: string;
  readonly changeId: HoldChangeId;
  readonly growth: string;
  readonly quantity?: string;
  readonly limitPrice?: string;
  readonly triggerPrice?: string;
  readonly expireAt?: number;
}

/** The JSON of a change that is asked for. */
export function pendingToJson({ previousStatus, pending }: PendingState): PendingAmendJson {
  const { amendId, changeId, growth, changes } = pending;
  const { quantity, limitPrice, triggerPrice, expireAt } = changes;
  return {
    previousStatus,
    amendId,
    changeId,
    growth: formatUnits(growth),
    ...(quantity === undefined ? {} : { quantity: formatUnits(quantity) }),
    ...(limitPrice === undefined ? {} : { limitPrice: formatUnits(limitPrice) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: formatUnits(triggerPrice) }),
    ...(expireAt === undefined ? {} : { expireAt }),
  };
}

/** What its JSON, which only {@link pendingToJson} makes, says. */
export function pendingOfJson(
  json: PendingAmendJson,
): Pick<PendingState, 'previousStatus' | 'pending'> {
  const { previousStatus, amendId, changeId, growth } = json;
  const { quantity, limitPrice, triggerPrice, expireAt } = json;
  const changes: OrderChanges = {
    ...(quantity === undefined ? {} : { quantity: quantityOfUnits(unitsOf(quantity)) }),
    ...(limitPrice === undefined ? {} : { limitPrice: priceOfUnits(unitsOf(limitPrice)) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: priceOfUnits(unitsOf(triggerPrice)) }),
    ...(expireAt === undefined ? {} : { expireAt }),
  };
  const pending = { amendId, changeId, growth: moneyOfUnits(unitsOf(growth)), changes };
  return { previousStatus, pending };
}
