import type { AccountId, InstrumentSymbol, OrderId, RfqId, TradeId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';

/** How far a settlement has come. */
export type SettlementStatus = 'PENDING' | 'INSTRUCTED' | 'SETTLED' | 'FAILED';

/** Where a settlement stands. Times are milliseconds since the epoch. */
export type SettlementState =
  | { readonly status: 'PENDING' }
  | { readonly status: 'INSTRUCTED'; readonly instructedAt: number }
  | { readonly status: 'SETTLED'; readonly instructedAt: number; readonly settledAt: number }
  | { readonly status: 'FAILED'; readonly instructedAt: number; readonly failedAt: number };

/**
 * How the money of an accepted quote moves, apart from the trade itself: that it traded is final when
 * it is filled, that it is paid when this is SETTLED. Its id is its trade's.
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
 * The ways between the states. One that failed is not given up: what has traded is owed, so it settles as soon
 * as the ledger has been put right.
 */
const NEXT: Readonly<Record<SettlementStatus, readonly SettlementStatus[]>> = {
  PENDING: ['INSTRUCTED'],
  INSTRUCTED: ['SETTLED', 'FAILED'],
  FAILED: ['SETTLED'],
  SETTLED: [],
};

/**
 * The settlement after the next step.
 * @throws Error (an invariant) if there is no such way: it would be a bug of ours.
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

/** Nothing more will happen to it. */
export function isSettled({ state }: Pick<Settlement, 'state'>): boolean {
  return state.status === 'SETTLED';
}
