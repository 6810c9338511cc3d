import type { AccountId, InstrumentSymbol, OrderId, RfqId, TradeId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';

/** The statuses of a settlement. */
export type SettlementStatus = 'PENDING' | 'INSTRUCTED' | 'SETTLED' | 'FAILED';

/** The state of a settlement. Times are milliseconds since the epoch. */
export type SettlementState =
  | { readonly status: 'PENDING' }
  | { readonly status: 'INSTRUCTED'; readonly instructedAt: number }
  | { readonly status: 'SETTLED'; readonly instructedAt: number; readonly settledAt: number }
  | { readonly status: 'FAILED'; readonly instructedAt: number; readonly failedAt: number };

/**
 * The movement of the money for an accepted quote. The trade itself is final once the request is FILLED; the money has
 * moved once this is SETTLED. Its id is the id of the trade.
 */
export interface Settlement {
  readonly id: TradeId;
  readonly rfqId: RfqId;
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly symbol: InstrumentSymbol;
  /** The client's. */
  readonly side: OrderSide;
  /** Base units. */
  readonly quantity: Quantity;
  /** In the quote asset. */
  readonly notional: Money;
  readonly state: SettlementState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * The transitions between the statuses. A failed settlement is not final: the trade is owed, so it settles as soon as
 * the ledger is repaired.
 */
const NEXT: Readonly<Record<SettlementStatus, readonly SettlementStatus[]>> = {
  PENDING: ['INSTRUCTED'],
  INSTRUCTED: ['SETTLED', 'FAILED'],
  FAILED: ['SETTLED'],
  SETTLED: [],
};

/**
 * The settlement after the next step.
 * @throws Error (an invariant) if there is no such transition, which would be a bug of ours.
 */
export function settlementAt(
  settlement: Settlement,
  status: Exclude<SettlementStatus, 'PENDING'>,
  at: number,
): Settlement {
  const { state } = settlement;
  invariant(
    NEXT[state.status].includes(status),
    `a settlement that is ${state.status} cannot become ${status}`,
  );
  const instructedAt = 'instructedAt' in state ? state.instructedAt : at;
  switch (status) {
    case 'INSTRUCTED':
      return { ...settlement, state: { status, instructedAt } };
    case 'SETTLED':
      return { ...settlement, state: { status, instructedAt, settledAt: at } };
    case 'FAILED':
      return { ...settlement, state: { status, instructedAt, failedAt: at } };
  }
}

/** Whether a settlement is final. */
export function isSettled({ state }: Pick<Settlement, 'state'>): boolean {
  return state.status === 'SETTLED';
}
