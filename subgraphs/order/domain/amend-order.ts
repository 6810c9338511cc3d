import { parseAccountId } from '#shared/domain/ids.ts';
import type { AccountAccess } from './account-access.ts';
import { type CancelOrder, findOrder } from './cancel-order.ts';
import { differingChanges, type OrderChanges, OWN_AMENDS } from './order-amend.ts';
import { denial, type OrderDenial } from './order-denial.ts';
import type { AmendedOrder } from './order-journal.ts';
import type { RecordedOrder } from './order-event.ts';
import { ANSWER_WITHIN_MS, type PlaceOrderPorts } from './place-order.ts';
import { UnavailableError } from './unavailable-error.ts';

const AMEND_ID = /^[A-Za-z0-9_.:-]{1,64}$/;

/** A change of an order, as it came. */
export interface AmendOrder extends CancelOrder {
  /** Made by the client; the same one is the same change. */
  readonly amendId: string;
  readonly expectedVersion: number | null;
  readonly changes: OrderChanges;
}

/** The one answer to a change. */
export type AmendOrderOutcome =
  | AmendedOrder
  /** Before the journal saw it: the amendId is malformed, or too many messages came. */
  | { readonly kind: 'refused'; readonly order: RecordedOrder; readonly denial: OrderDenial }
  | { readonly kind: 'orderNotFound' }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientOrderId: string }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * Changes an open order once for each amendId. A refused change leaves it as it was.
 * @throws UnavailableError when nothing was done because a part of the system does not answer
 */
export async function amendOrder(
  ports: Pick<
    PlaceOrderPorts,
    'journal' | 'orders' | 'instruments' | 'within' | 'messageRate' | 'clock'
  >,
  access: AccountAccess,
  command: AmendOrder,
): Promise<AmendOrderOutcome> {
  const accountId = parseAccountId(command.accountId);
  if (accountId === null || !access.mayTrade(accountId))
    return { kind: 'accountNotFound', accountId: command.accountId };
  const order = await findOrder(ports.orders, accountId, command.order);
  if (order === null) return { kind: 'orderNotFound' };
  if (!AMEND_ID.test(command.amendId) || OWN_AMENDS.includes(command.amendId)) {
    const own = OWN_AMENDS.join(' or ');
    const message = `The amendId must be 1 to 64 characters of A-Z a-z 0-9 _ . : and -, except ${own}.`;
    return {
      kind: 'refused',
      order,
      denial: denial('INVALID_CLIENT_ORDER_ID', message, { rule: 'amendId' }),
    };
  }
  const tooMany = ports.messageRate.take(accountId, ports.clock.now());
  if (tooMany !== null) return { kind: 'refused', order, denial: tooMany };
  const outcome = await ports.within(ANSWER_WITHIN_MS, amendStored(ports, order, command));
  return outcome === 'late' ? unknown(order) : outcome;
}

async function amendStored(
  { journal, orders, instruments }: Pick<PlaceOrderPorts, 'journal' | 'orders' | 'instruments'>,
  order: RecordedOrder,
  command: AmendOrder,
): Promise<AmendOrderOutcome> {
  const instrument = await instruments.find(order.symbol);
  if (instrument === undefined) return { kind: 'notAmendable', order };
  try {
    const amended = await journal.amend(order.id, command, instrument);
    if (amended !== null) return amended;
  } catch (cause) {
    if (cause instanceof UnavailableError) return unknown(order);
    throw cause;
  }
  return closedBefore((await orders.byId(order.id)) ?? order, command);
}

/** A change that was made before the order ended is told again. */
function closedBefore(order: RecordedOrder, command: AmendOrder): AmendOrderOutcome {
  return amendedBefore(order, command) ?? { kind: 'notAmendable', order };
}

/** The answer to a change whose id was used before; null when it was not. */
export function amendedBefore(
  order: RecordedOrder,
  { amendId, changes }: Pick<AmendOrder, 'amendId' | 'changes'>,
): AmendedOrder | null {
  const amend = order.amends.find((made) => made.amendId === amendId);
  if (amend === undefined) return null;
  const differingFields = differingChanges(amend.asked, changes);
  return differingFields.length > 0
    ? { kind: 'amendIdConflict', order, differingFields }
    : { kind: 'amended', order, amend, replayed: true };
}

function unknown({ accountId, clientOrderId }: RecordedOrder): AmendOrderOutcome {
  return { kind: 'unknown', accountId, clientOrderId };
}
