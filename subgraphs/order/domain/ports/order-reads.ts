import type { AccountId, ClientOrderId, InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import type { Money } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { ClientOrderKey } from './order-journal.ts';
import type { OrderStatus } from '../order.ts';
import type { Period } from '#shared/domain/period.ts';
import type { Position } from '../position.ts';
import type { TradingStatementKey, TradingStatementOutcome } from '../trading-statement.ts';

/** Which orders to list; null leaves a condition out. */
export interface OrderFilter {
  readonly symbol: InstrumentSymbol | null;
  readonly statuses: readonly OrderStatus[] | null;
  readonly isOpen: boolean | null;
  readonly isClosed: boolean | null;
  readonly clientOrderIds: readonly ClientOrderId[] | null;
  /** When they were created. */
  readonly period: Period;
}

/** Which fills to list; null leaves the condition out. */
export interface FillFilter {
  readonly symbol: InstrumentSymbol | null;
  /** When they were executed. */
  readonly period: Period;
}

/** The newest rows after a position of their list, or the newest of all. */
export interface PageAsk<Position = bigint> {
  readonly limit: number;
  readonly after: Position | null;
}

/** Where a row is in a list that is sorted by time: of two at the same time the higher id is newer. */
export interface TimedPosition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
}

/** How many fills and prevented matches an order shows of itself; all of them are pages of lists. */
export const MOST_WITH_ORDER = 100;

/** What something shows of one of its lists, and whether that has more. */
export interface FirstRows<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** The first rows of a list. @param rows all of it in its order, or one more than is shown */
export function firstRows<Row>(rows: readonly Row[], most: number): FirstRows<Row> {
  return { rows: rows.slice(0, most), hasMore: rows.length > most };
}

/** The reads of one request. The use case decides whether the viewer can see the result. */
export interface OrderReads {
  order(orderId: OrderId): Promise<RecordedOrder | null>;
  orderByClientOrderId(key: ClientOrderKey): Promise<RecordedOrder | null>;
  /** Newest first. */
  orders(
    accountId: AccountId,
    filter: OrderFilter,
    page: PageAsk,
  ): Promise<readonly RecordedOrder[]>;
  /** Newest first. */
  fills(accountId: AccountId, filter: FillFilter, page: PageAsk): Promise<readonly RecordedFill[]>;
  /** What an account has traded since a day, as far as it counts for its fee tier. */
  tierVolumeSince(accountId: AccountId, firstDay: number): Promise<Money>;
  tradingStatement(key: TradingStatementKey): Promise<TradingStatementOutcome>;
  /** The price of an instrument's last trade on the book; null before the first. */
  lastPrice(symbol: InstrumentSymbol): Promise<Price | null>;
  /** By symbol. */
  positions(accountId: AccountId): Promise<readonly Position[]>;
}
