import { steadyNow } from '#shared/domain/clock.ts';
import type { AccountId, UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import { answersOf } from './batch.ts';
import { type CancelOrder, findOrder } from './cancel-order.ts';
import {
  differingChanges,
  type OrderChanges,
  OWN_AMENDS,
  supersededDenial,
} from '../order-amend.ts';
import { denial, type OrderDenial } from '../rules/order-denial.ts';
import type { AmendedOrder } from '../ports/order-journal.ts';
import { mayBeDone } from '../ports/not-owner-error.ts';
import type { RecordedOrder } from '../order-event.ts';
import { ANSWER_WITHIN_MS, type PlaceOrderPorts } from './place-order.ts';

const AMEND_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/** A change of an order, as received. */
export interface AmendOrder extends CancelOrder {
  /** Chosen by the client; the same id is the same change. */
  readonly amendId: string;
  readonly expectedVersion: number | null;
  /** Until when it can be made, milliseconds since the epoch; null or omitted for any time. */
  readonly validUntil?: number | null;
  readonly changes: OrderChanges;
}

/** The answer to a change. */
export type AmendOrderOutcome =
  | AmendedOrder
  /** Refused before the journal: the amendId is malformed, or there were too many messages. */
  | { readonly kind: 'refused'; readonly order: RecordedOrder; readonly denial: OrderDenial }
  | { readonly kind: 'orderNotFound' }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientOrderId: string }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** Changes of orders of one account in one command. */
export interface AmendOrders {
  readonly accountId: string;
  readonly amends: readonly AmendOrder[];
}

/** The answer to a batch of changes. */
export type AmendOrdersOutcome =
  | {
      readonly kind: 'answered';
      /** One for each change, in the same order. */
      readonly outcomes: readonly AmendOrderOutcome[];
    }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** What changing an order needs. */
export type AmendOrderPorts = Pick<
  PlaceOrderPorts,
  'journal' | 'orders' | 'instruments' | 'within' | 'messageRate' | 'clock'
>;

/** An order to change, with its instrument; undefined if that no longer exists. */
interface FoundOrder {
  readonly order: RecordedOrder;
  readonly instrument: Instrument | undefined;
}

/**
 * Changes an open order once for each amendId. A refused change leaves it unchanged.
 * @throws UnavailableError if nothing was done because a part of the system does not answer
 */
export async function amendOrder(
  ports: AmendOrderPorts,
  access: AccountAccess,
  command: AmendOrder,
): Promise<AmendOrderOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  return amendFound(ports, access, await find(ports, accountId, command), command);
}

/**
 * Changes orders independently: a refused change stops no other. All are looked up first, and then
 * go to the journal together, in the given order: they share its turn, unless it lacks room for all
 * of them.
 * @throws UnavailableError if nothing was done because a part of the system does not answer
 */
export async function amendOrders(
  ports: AmendOrderPorts,
  access: AccountAccess,
  { accountId: account, amends }: AmendOrders,
): Promise<AmendOrdersOutcome> {
  const accountId = permittedAccount(account, access.mayTrade);
  if (accountId === null) return { kind: 'accountNotFound', accountId: account };
  const found = await Promise.all(amends.map((amend) => find(ports, accountId, amend)));
  const outcomes = await answersOf(
    amends.map((amend, index) => amendFound(ports, access, found[index] ?? null, amend)),
  );
  return { kind: 'answered', outcomes };
}

/** Null if the account has no such order. */
async function find(
  { orders, instruments }: AmendOrderPorts,
  accountId: AccountId,
  command: AmendOrder,
): Promise<FoundOrder | null> {
  const order = await findOrder(orders, accountId, command.order);
  return order === null ? null : { order, instrument: await instruments.find(order.symbol) };
}

/**
 * When it returns, the change is in the journal, or refused: so a batch is changed in its order.
 */
function amendFound(
  ports: AmendOrderPorts,
  { userId }: Pick<AccountAccess, 'userId'>,
  found: FoundOrder | null,
  command: AmendOrder,
): Promise<AmendOrderOutcome> {
  if (found === null) return Promise.resolve({ kind: 'orderNotFound' });
  const { order, instrument } = found;
  const sender = { userId, accountId: order.accountId };
  const refused =
    malformedAmendId(command) ?? ports.messageRate.take(sender, steadyNow(ports.clock));
  if (refused !== null) return Promise.resolve({ kind: 'refused', order, denial: refused });
  if (instrument === undefined) return Promise.resolve({ kind: 'notAmendable', order });
  const asked = { ...command, askedBy: userId };
  return amendInTime(ports, order, amendStored(ports, order, instrument, asked));
}

async function amendInTime(
  { within }: AmendOrderPorts,
  order: RecordedOrder,
  amending: Promise<AmendOrderOutcome>,
): Promise<AmendOrderOutcome> {
  const outcome = await within(ANSWER_WITHIN_MS, amending);
  return outcome === 'late' ? unknown(order) : outcome;
}

function malformedAmendId({ amendId }: AmendOrder): OrderDenial | null {
  if (AMEND_ID.test(amendId) && !OWN_AMENDS.includes(amendId)) return null;
  const own = OWN_AMENDS.join(' or ');
  const message = `The amendId must be 1 to 64 characters of A-Z a-z 0-9 _ . : and -, except ${own}.`;
  return denial('INVALID_CLIENT_ORDER_ID', message, { rule: 'amendId' });
}

async function amendStored(
  { journal, orders }: AmendOrderPorts,
  order: RecordedOrder,
  instrument: Instrument,
  command: AmendOrder & { readonly askedBy: UserId | null },
): Promise<AmendOrderOutcome> {
  // Known without the journal, which may not have the books: that nothing was done would not be true.
  const made = amendedBefore(order, command);
  if (made !== null) return made;
  try {
    const amended = await journal.amend(order.id, command, instrument);
    if (amended !== null) return amended;
  } catch (cause) {
    if (mayBeDone(cause) || isAskedFor(order, command)) return unknown(order);
    throw cause;
  }
  const latest = (await orders.byId(order.id)) ?? order;
  // The next owner of the books decides it, and can still make it.
  return isAskedFor(latest, command) ? unknown(latest) : closedBefore(latest, command);
}

function isAskedFor({ state }: RecordedOrder, { amendId }: AmendOrder): boolean {
  return state.status === 'PENDING_UPDATE' && state.pending.amendId === amendId;
}

/** A change that was made before the order ended is answered again. */
function closedBefore(order: RecordedOrder, command: AmendOrder): AmendOrderOutcome {
  return amendedBefore(order, command) ?? { kind: 'notAmendable', order };
}

/** The answer to a change that was made, or was refused for good, under its id; null for a new one. */
export function amendedBefore(
  order: RecordedOrder,
  { amendId, changes }: Pick<AmendOrder, 'amendId' | 'changes'>,
): AmendedOrder | null {
  const amend = order.amends.find((made) => made.amendId === amendId);
  if (amend === undefined) {
    const refused = supersededDenial(order, amendId);
    return refused === null ? null : { kind: 'denied', order, violations: [refused] };
  }
  const differingFields = differingChanges(amend.asked, changes);
  return differingFields.length > 0
    ? { kind: 'amendIdConflict', order, differingFields }
    : { kind: 'amended', order, amend, replayed: true };
}

function unknown({ accountId, clientOrderId }: RecordedOrder): AmendOrderOutcome {
  return { kind: 'unknown', accountId, clientOrderId };
}
