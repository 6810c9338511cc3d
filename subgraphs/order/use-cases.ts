import type { Clock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Period } from '#shared/domain/period.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import type { SendingTurns } from '#shared/events/sending-turns.ts';
import { answered, type Answered } from './answered.ts';
import { type AccountAccess, permittedAccount } from './domain/account-access.ts';
import {
  type CancelOrder,
  cancelOrder,
  type CancelOrderOutcome,
} from './domain/use-cases/cancel-order.ts';
import {
  type AmendOrder,
  amendOrder,
  type AmendOrderOutcome,
  type AmendOrders,
  amendOrders,
  type AmendOrdersOutcome,
} from './domain/use-cases/amend-order.ts';
import {
  type CancelAllOrders,
  cancelAllOrders,
  type CancelAllOrdersOutcome,
  cancelOrders,
  type CancelOrdersOutcome,
} from './domain/use-cases/cancel-all-orders.ts';
import type { OrderEvent } from './domain/order-event.ts';
import type { OrderEvents, OrderSnapshot, StoredOrderEvent } from './domain/order-events.ts';
import {
  type PlaceOrder,
  placeOrder,
  type PlaceOrderOutcome,
  type PlaceOrderPorts,
} from './domain/use-cases/place-order.ts';
import {
  type PlaceOrders,
  placeOrders,
  type PlaceOrdersOutcome,
} from './domain/use-cases/place-orders.ts';
import { previewOrder, type PreviewOrderOutcome } from './domain/use-cases/preview-order.ts';
import {
  type FillListing,
  listFills,
  listOrders,
  listPositions,
  type OrderListing,
  type Reader,
  readOrder,
  readFeeTier,
  readOrderByClientOrderId,
  readPosition,
  readTradingStatement,
} from './domain/use-cases/read-orders.ts';
import { readTradingLimits } from './domain/use-cases/read-trading-limits.ts';
import type { PageAsk } from './domain/ports/order-reads.ts';
import type { GuardConnection, SafetySwitches } from './domain/safety-switches.ts';
import {
  cancelAllAfter,
  type CancelAllAfterOutcome,
  readCancelTimer,
  readTradingControls,
  type SetTradingState,
  setTradingState,
  type SetTradingStateOutcome,
} from './domain/use-cases/set-trading-state.ts';
import { orderStream } from './streams/order-stream.ts';

/** What the use cases of a process need, the same for all requests. */
export interface OrderDesk extends PlaceOrderPorts {
  readonly safety: SafetySwitches;
  readonly events: OrderEvents;
  /** Reads an event from its stored form. */
  readonly eventOfJson: (sequence: bigint, json: unknown) => OrderEvent;
  readonly bus: EventBus;
  /** Whose turn it is to be sent a snapshot, or a page of events. */
  readonly sendingTurns: SendingTurns;
  readonly clock: Clock;
}

/** The use cases, on behalf of one request's sender. */
export class OrderUseCases {
  readonly #desk: OrderDesk;
  readonly #access: AccountAccess;
  readonly #reader: Reader;

  constructor(desk: OrderDesk, reader: Reader) {
    this.#desk = desk;
    this.#access = reader.access;
    this.#reader = reader;
  }

  /** See {@link placeOrder}. */
  placeOrder(command: PlaceOrder): Promise<Answered<PlaceOrderOutcome>> {
    return this.#answered(placeOrder(this.#desk, this.#access, command));
  }

  /** See {@link placeOrders}. */
  placeOrders(command: PlaceOrders): Promise<Answered<PlaceOrdersOutcome>> {
    return this.#answered(placeOrders(this.#desk, this.#access, command));
  }

  /** See {@link previewOrder}. */
  previewOrder(command: PlaceOrder): Promise<PreviewOrderOutcome> {
    return previewOrder(this.#desk, this.#access, command);
  }

  /** See {@link amendOrder}. */
  amendOrder(command: AmendOrder): Promise<Answered<AmendOrderOutcome>> {
    return this.#answered(amendOrder(this.#desk, this.#access, command));
  }

  /** See {@link amendOrders}. */
  amendOrders(command: AmendOrders): Promise<Answered<AmendOrdersOutcome>> {
    return this.#answered(amendOrders(this.#desk, this.#access, command));
  }

  /** See {@link cancelOrder}. */
  cancelOrder(command: CancelOrder): Promise<Answered<CancelOrderOutcome>> {
    return this.#answered(cancelOrder(this.#desk, this.#access, command));
  }

  /** See {@link cancelOrders}. */
  cancelOrders(command: {
    readonly accountId: string;
    readonly orders: readonly CancelOrder['order'][];
  }): Promise<Answered<CancelOrdersOutcome>> {
    return this.#answered(cancelOrders(this.#desk, this.#access, command));
  }

  /** See {@link cancelAllOrders}. */
  cancelAllOrders(command: CancelAllOrders): Promise<Answered<CancelAllOrdersOutcome>> {
    return this.#answered(cancelAllOrders(this.#desk.safety, this.#access, command));
  }

  /** See {@link cancelAllAfter}. */
  cancelAllAfter(command: {
    readonly accountId: string;
    readonly timeoutMs: number;
  }): Promise<Answered<CancelAllAfterOutcome>> {
    return this.#answered(cancelAllAfter(this.#desk.safety, this.#access, command));
  }

  /** See {@link setTradingState}. */
  setTradingState(command: SetTradingState): Promise<Answered<SetTradingStateOutcome>> {
    return this.#answered(setTradingState(this.#desk, this.#access, command));
  }

  /** See {@link SafetySwitches.guardConnections}. */
  guardConnections(connections: readonly GuardConnection[]): Promise<boolean> {
    return this.#desk.safety.guardConnections(connections);
  }

  /** See {@link readTradingControls}. */
  tradingControls(accountId: string) {
    return readTradingControls(this.#desk.safety, this.#access, accountId);
  }

  /** See {@link readCancelTimer}. */
  cancelTimer(accountId: string) {
    return readCancelTimer(this.#desk.safety, this.#access, accountId);
  }

  /** See {@link readOrder}. */
  order(id: string) {
    return readOrder(this.#reader, id);
  }

  /** See {@link readOrderByClientOrderId}. */
  orderByClientOrderId(accountId: string, clientOrderId: string) {
    return readOrderByClientOrderId(this.#reader, accountId, clientOrderId);
  }

  /** See {@link listOrders}. */
  orders(accountId: string, listing: OrderListing, page: PageAsk) {
    return listOrders(this.#reader, accountId, listing, page);
  }

  /** See {@link listFills}. */
  fills(accountId: string, listing: FillListing, page: PageAsk) {
    return listFills(this.#reader, accountId, listing, page);
  }

  /** See {@link readTradingStatement}. */
  tradingStatement(accountId: string, period: Period) {
    return readTradingStatement(this.#reader, accountId, period);
  }

  /** See {@link listPositions}. */
  positions(accountId: string) {
    return listPositions(this.#reader, accountId);
  }

  /** See {@link readFeeTier}. */
  feeTier(accountId: string) {
    return readFeeTier(this.#reader, accountId, this.#desk.clock.now());
  }

  /** The price of an instrument's last trade on the book, which is public; null before the first. */
  lastPrice(symbol: InstrumentSymbol) {
    return this.#reader.reads.lastPrice(symbol);
  }

  /** See {@link readTradingLimits}. */
  tradingLimits(accountId: string, symbol: string) {
    return readTradingLimits(this.#desk, this.#access, accountId, symbol);
  }

  /** See {@link readPosition}. */
  position(id: string) {
    return readPosition(this.#reader, id);
  }

  /**
   * The private stream of an account.
   * @returns null for a nonexistent account and for someone else's
   * @throws DomainError BAD_USER_INPUT if `after` is not a cursor of this stream
   */
  orderEvents(
    account: string,
    after: string | null | undefined,
  ): AsyncGenerator<PrivateStreamItem<OrderSnapshot>, undefined> | null {
    const accountId = permittedAccount(account, this.#access.mayRead);
    if (accountId === null) return null;
    const { bus, clock, events, sendingTurns } = this.#desk;
    const user = this.#access.userId ?? accountId;
    const takeTurn = () => sendingTurns.take(user);
    return orderStream({ bus, clock, events, takeTurn, accountId, after });
  }

  /** Reads an event of {@link OrderUseCases.orderEvents} from its stored form. */
  readEvent({ sequence, event }: StoredOrderEvent): OrderEvent {
    return this.#desk.eventOfJson(sequence, event);
  }

  #answered<Outcome>(work: Promise<Outcome>): Promise<Answered<Outcome>> {
    return answered(this.#desk.clock, work);
  }
}
