import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import { type OrderId, parseClientOrderId, parseInstrumentSymbol } from '#shared/domain/ids.ts';
import type { Price } from '#shared/domain/price.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import type { Instruments } from '../ports/instruments.ts';
import type { OneAtATime } from '../one-at-a-time.ts';
import { denial, type OrderViolations } from '../rules/order-denial.ts';
import { differingFields } from '../order-body.ts';
import type { RecordedFill, RecordedOrder } from '../order-event.ts';
import type { DecidedOrder, OrderJournal, OrderLookup } from '../ports/order-journal.ts';
import { NO_INSTRUCTIONS } from '../order-instructions.ts';
import type { MessageRate } from '../rules/message-rate.ts';
import { NO_LINK } from '../order-link.ts';
import type { NewOrder } from '../order-progress.ts';
import type { OrderRequest } from '../rules/order-rule.ts';
import { mayBeDone } from '../ports/not-owner-error.ts';
import type { RejectReason } from '../order.ts';
import type { Sender } from '../rules/sender.ts';
import { UnavailableError } from '../ports/unavailable-error.ts';
import { clientOrderIdDenial } from '../rules/validate-order.ts';

/**
 * Less than the gateway's 5 s for a mutation, so that we are the ones to report an unknown outcome.
 */
export const ANSWER_WITHIN_MS = 3500;

/** An order as received; ids are not checked yet. */
export interface PlaceOrder extends Omit<OrderRequest, 'symbol'> {
  readonly accountId: string;
  readonly symbol: string;
}

/** The answer to a placed order. */
export type PlaceOrderOutcome =
  | {
      readonly kind: 'accepted';
      readonly order: RecordedOrder;
      /** Its fills so far; null if they were not read. */
      readonly fills: readonly RecordedFill[] | null;
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'denied';
      /**
       * Null if an id is malformed or there were too many messages: then nothing is stored or used
       * up.
       */
      readonly order: RecordedOrder | null;
      readonly violations: OrderViolations;
      readonly replayed: boolean;
    }
  | {
      readonly kind: 'rejected';
      readonly order: RecordedOrder;
      readonly reason: RejectReason;
      /** The best price of the other side, which a post-only order would have taken; null for other reasons. */
      readonly touchPrice: Price | null;
      readonly replayed: boolean;
    }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientOrderId: string }
  | {
      readonly kind: 'conflict';
      readonly existing: RecordedOrder;
      readonly differingFields: readonly string[];
    }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** What placing an order needs. */
export interface PlaceOrderPorts {
  readonly journal: OrderJournal;
  readonly orders: OrderLookup;
  readonly instruments: Instruments;
  /** Requests with the same clientOrderId wait for each other here; one for all requests. */
  readonly twins: OneAtATime;
  /** One for all requests. */
  readonly messageRate: MessageRate;
  readonly newOrderId: () => OrderId;
  readonly clock: Clock;
  /** The work's result, or `late` if it takes longer; the work continues. */
  readonly within: <Result>(limitMs: number, work: Promise<Result>) => Promise<Result | 'late'>;
}

/**
 * Places an order, once for each account and clientOrderId. Answers in time whatever else does not:
 * an order whose outcome is not known continues by itself.
 * @throws UnavailableError if nothing was done because a part of the system does not answer
 */
export async function placeOrder(
  ports: PlaceOrderPorts,
  access: AccountAccess,
  command: PlaceOrder,
): Promise<PlaceOrderOutcome> {
  const { accountId: account, clientOrderId } = command;
  const accountId = permittedAccount(account, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: account };
  const tooMany = ports.messageRate.take(
    { userId: access.userId, accountId },
    steadyNow(ports.clock),
  );
  if (tooMany !== null)
    return { kind: 'denied', order: null, violations: [tooMany], replayed: false };
  const order = wellFormed(ports, { userId: access.userId, accountId }, command);
  if ('kind' in order) return order;
  const outcome = await ports.within(ANSWER_WITHIN_MS, placeToTheEnd(ports, order));
  return outcome === 'late' ? { kind: 'unknown', accountId, clientOrderId } : outcome;
}

/** The order of a command, or the answer to a command that cannot be one. */
export function wellFormed(
  { newOrderId }: Pick<PlaceOrderPorts, 'newOrderId'>,
  { accountId, userId: placedBy }: Sender,
  {
    symbol: text,
    side,
    terms,
    quantity,
    trigger = null,
    expireAt = null,
    link = NO_LINK,
    instructions = NO_INSTRUCTIONS,
    ...command
  }: PlaceOrder,
): NewOrder | PlaceOrderOutcome {
  const malformed = clientOrderIdDenial(command.clientOrderId);
  const clientOrderId = parseClientOrderId(command.clientOrderId);
  const symbol = parseInstrumentSymbol(text);
  if (malformed !== null || clientOrderId === null || symbol === null) {
    const violation = malformed ?? denial('INSTRUMENT_NOT_FOUND', unknownInstrumentMessage(text));
    return { kind: 'denied', order: null, violations: [violation], replayed: false };
  }
  const what = { symbol, side, terms, quantity, trigger, expireAt, link, instructions };
  return { id: newOrderId(), accountId, placedBy, clientOrderId, ...what };
}

/** An order's first stage: recorded, or found to be recorded before. */
type FirstStage = Awaited<ReturnType<OrderJournal['submit']>> & { readonly replayed: boolean };

async function placeToTheEnd(ports: PlaceOrderPorts, order: NewOrder): Promise<PlaceOrderOutcome> {
  const { accountId, clientOrderId } = order;
  const key = `${accountId}/${clientOrderId}`;
  const stage = await ports.twins.run(key, () => firstStage(ports, order));
  if (stage === 'unknown') return { kind: 'unknown', accountId, clientOrderId };
  const fields = differingFields(stage.order, order);
  if (fields.length > 0)
    return { kind: 'conflict', existing: stage.order, differingFields: fields };
  return outcomeOf(ports, stage);
}

async function firstStage(
  { orders, instruments, journal }: PlaceOrderPorts,
  order: NewOrder,
): Promise<FirstStage | 'unknown'> {
  const existing = await orders.byClientOrderId(order);
  if (existing !== null) {
    const isWaiting = existing.state.status === 'SUBMITTED';
    const decided = isWaiting ? decisionOf(journal, existing.id) : Promise.resolve(null);
    return { order: existing, decided, replayed: true };
  }
  const instrument = (await instruments.find(order.symbol)) ?? null;
  try {
    return { ...(await journal.submit(order, instrument)), replayed: false };
  } catch (cause) {
    if (mayBeDone(cause)) return 'unknown';
    throw cause;
  }
}

/** The decision about an order that is stored; null, too, while its decision cannot be waited for here. */
async function decisionOf(journal: OrderJournal, orderId: OrderId): Promise<DecidedOrder | null> {
  try {
    return await journal.decided(orderId);
  } catch (cause) {
    // The order is there, and whoever has the books decides it.
    if (cause instanceof UnavailableError) return null;
    throw cause;
  }
}

async function outcomeOf(
  { orders }: PlaceOrderPorts,
  { order: first, decided, replayed }: FirstStage,
): Promise<PlaceOrderOutcome> {
  const decision = await decided;
  const isUndecided = decision === null && first.state.status === 'SUBMITTED';
  const order = decision?.order ?? (isUndecided ? await orders.byId(first.id) : first);
  const { accountId, clientOrderId } = first;
  if (order === null || order.state.status === 'SUBMITTED')
    return { kind: 'unknown', accountId, clientOrderId };
  if (order.state.status === 'DENIED')
    return { kind: 'denied', order, violations: order.state.violations, replayed };
  // One that has traded was accepted first, and rejected only after an amend.
  if (order.state.status === 'REJECTED' && order.filledQuantity === 0n) {
    const { rejectReason: reason, touchPrice } = order.state;
    return { kind: 'rejected', order, reason, touchPrice, replayed };
  }
  return { kind: 'accepted', order, fills: decision?.fills ?? null, replayed };
}
