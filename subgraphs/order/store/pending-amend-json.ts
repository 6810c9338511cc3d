import { formatUnits } from '#shared/domain/decimal.ts';
import type { HoldChangeId, UserId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import type { OpenOrderState, StandingStatus } from '../domain/order.ts';
import { type ChangesJson, changesOfJson, changesToJson } from './changes-json.ts';
import { unitsOf } from './stored-decimal.ts';

type PendingState = Extract<OpenOrderState, { status: 'PENDING_UPDATE' }>;

/** A requested change, and the state to which its order returns if it is refused, as JSON: decimals are text. */
export interface PendingAmendJson extends ChangesJson {
  readonly previousStatus: StandingStatus;
  readonly amendId: string;
  /** Absent if it is not known, and in JSON that was stored before this field existed. */
  readonly askedBy?: UserId;
  readonly changeId: HoldChangeId;
  readonly growth: string;
  /** Absent in JSON that was stored before this field existed. */
  readonly validUntil?: number;
}

/** The JSON of a requested change. */
export function pendingToJson({ previousStatus, pending }: PendingState): PendingAmendJson {
  const { amendId, askedBy, changeId, growth, validUntil, changes } = pending;
  return {
    previousStatus,
    amendId,
    ...(askedBy === null ? {} : { askedBy }),
    changeId,
    growth: formatUnits(growth),
    ...(validUntil === null ? {} : { validUntil }),
    ...changesToJson(changes),
  };
}

/** The requested change of its JSON, which only {@link pendingToJson} makes. */
export function pendingOfJson(
  json: PendingAmendJson,
): Pick<PendingState, 'previousStatus' | 'pending'> {
  const { previousStatus, growth, askedBy = null, validUntil = null, ...rest } = json;
  const { amendId, changeId, ...changes } = rest;
  const asked = {
    amendId,
    askedBy,
    changeId,
    validUntil,
    changes: changesOfJson(changes),
  };
  return { previousStatus, pending: { ...asked, growth: moneyOfUnits(unitsOf(growth)) } };
}
