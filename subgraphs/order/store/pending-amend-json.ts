import { formatUnits } from '#shared/domain/decimal.ts';
import type { HoldChangeId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import type { OpenOrderState, StandingStatus } from '../domain/order.ts';
import { type ChangesJson, changesOfJson, changesToJson } from './changes-json.ts';
import { unitsOf } from './stored-decimal.ts';

type PendingState = Extract<OpenOrderState, { status: 'PENDING_UPDATE' }>;

/** A change that is asked for, and what its order goes back to, as JSON: decimals are text. */
export interface PendingAmendJson extends ChangesJson {
  readonly previousStatus: StandingStatus;
  readonly amendId: string;
  readonly changeId: HoldChangeId;
  readonly growth: string;
}

/** The JSON of a change that is asked for. */
export function pendingToJson({ previousStatus, pending }: PendingState): PendingAmendJson {
  const { amendId, changeId, growth, changes } = pending;
  return {
    previousStatus,
    amendId,
    changeId,
    growth: formatUnits(growth),
    ...changesToJson(changes),
  };
}

/** What its JSON, which only {@link pendingToJson} makes, says. */
export function pendingOfJson(
  json: PendingAmendJson,
): Pick<PendingState, 'previousStatus' | 'pending'> {
  const { previousStatus, amendId, changeId, growth, ...changes } = json;
  const units = moneyOfUnits(unitsOf(growth));
  return {
    previousStatus,
    pending: { amendId, changeId, growth: units, changes: changesOfJson(changes) },
  };
}
