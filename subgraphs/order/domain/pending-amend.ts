import type { HoldChangeId, UserId } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits } from '#shared/domain/money.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { OrderChanges } from './order-amend.ts';
import { transition } from './order-lifecycle.ts';
import { type OpenOrder, standingOf } from './order.ts';

/** A change that needs a larger hold, while the ledger is asked for it. */
export interface PendingAmend {
  readonly amendId: string;
  /** The user who asks; null if that is not a user, or was not recorded yet. */
  readonly askedBy: UserId | null;
  readonly changes: OrderChanges;
  /** The amount by which the hold would grow. */
  readonly growth: Money;
  /** Names the growth for the ledger, which grants it once. */
  readonly changeId: HoldChangeId;
  /**
   * Until when it can be made, milliseconds since the epoch; null for one that was stored before
   * there was a limit.
   */
  readonly validUntil: number | null;
}

/** An order while the ledger is asked for what a change needs; it continues unchanged. */
export function askForAmend(order: OpenOrder, pending: PendingAmend, at: number): OpenOrder {
  transition(order.state.status, 'ASK_AMEND');
  const previousStatus = standingOf(order.state);
  const state = { ...order.state, status: 'PENDING_UPDATE', previousStatus, pending } as const;
  return { ...order, updatedAt: at, state };
}

/** An order whose growth was granted: with the larger hold, and to be changed now. */
export function growForAmend(order: OpenOrder): OpenOrder {
  transition(order.state.status, 'AMEND');
  const { growth } = pendingOf(order);
  const { hold } = order;
  const placed = moneyOfUnits(hold.placed + growth);
  const remaining = moneyOfUnits(hold.remaining + growth);
  return { ...settled(order), hold: { ...hold, placed, remaining } };
}

/** An order whose growth was refused: unchanged, apart from what happened meanwhile. */
export function refuseAmend(order: OpenOrder, at: number): OpenOrder {
  transition(order.state.status, 'REFUSE_AMEND');
  return { ...settled(order), updatedAt: at };
}

/** The pending change. @throws Error (an invariant) if there is none */
export function pendingOf({ id, state }: OpenOrder): PendingAmend {
  invariant(state.status === 'PENDING_UPDATE', `nothing is asked for order ${id}`);
  return state.pending;
}

function settled(order: OpenOrder): OpenOrder {
  const { acceptedAt, priority, shownQuantity } = order.state;
  const status = standingOf(order.state);
  return { ...order, state: { status, acceptedAt, priority, shownQuantity } };
}
