import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import {
  amendableValues,
  holdIsEnough,
  keepsPriority,
  MAX_AMENDS_PER_ORDER,
  type OrderAmend,
  type OrderChanges,
  unchangeable,
  withChanges,
} from '../domain/order-amend.ts';
import { denial, type OrderViolations } from '../domain/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { AmendedOrder } from '../domain/order-journal.ts';
import { cancelOrder, type NewOrder } from '../domain/order-progress.ts';
import { isOpen, isWaiting, type OpenOrder } from '../domain/order.ts';
import { checkNewOrder, type OrderMarket } from './check-new-order.ts';
import { endOrder } from './end-order.ts';
import { executeAccepted } from './execute-accepted.ts';
import type { Turn } from './turn.ts';

/** A change of one order. */
export interface AmendCommand {
  readonly amendId: string;
  /** Only if the order has this version; null takes any. */
  readonly expectedVersion: number | null;
  readonly changes: OrderChanges;
}

/**
 * Changes an open order, by the rules that a new one of these values meets. One that is refused is
 * left as it was; one that was made before is told again.
 */
export function amendOrder(
  turn: Turn,
  venue: ExecutionVenue,
  order: RecordedOrder,
  { amendId, expectedVersion, changes }: AmendCommand,
  market: OrderMarket & { readonly instrument: Instrument },
): AmendedOrder {
  const made = order.amends.find((amend) => amend.amendId === amendId);
  if (made !== undefined) return { kind: 'amended', order, amend: made, replayed: true };
  if (!isOpen(order)) return { kind: 'notAmendable', order };
  if (expectedVersion !== null && expectedVersion !== order.amends.length + 1)
    return { kind: 'versionConflict', order };

  const refused = unchangeable(order, changes) ?? tooMany(order);
  if (refused !== null) return { kind: 'denied', order, violations: [refused] };
  const changed = withChanges(order, changes);
  const values = { amendId, before: amendableValues(order), at: turn.now };
  if (changed.quantity <= order.filledQuantity) return endAmended(turn, venue, order, values);

  const checked = checkNewOrder(turn.state, turn.now, requestOf(changed), market);
  if (checked.kind === 'denied') return { kind: 'denied', order, violations: checked.violations };
  const { worstPrice } = checked.hold;
  const short = holdIsEnough(changed, worstPrice, market.instrument);
  if (short !== null) return { kind: 'denied', order, violations: [short] as OrderViolations };

  const after = amendableValues(changed);
  const amend = { ...values, after, priorityKept: keepsPriority(values.before, after) };
  const next = { ...changed, hold: { ...changed.hold, worstPrice } };
  return apply(turn, venue, order, next, amend, market.instrument);
}

function tooMany({ amends }: RecordedOrder) {
  if (amends.length < MAX_AMENDS_PER_ORDER) return null;
  const [limit, actual] = [`${MAX_AMENDS_PER_ORDER}`, `${amends.length}`];
  const message = `The order was changed ${actual} times; ${limit} are allowed.`;
  return denial('RATE_LIMIT_EXCEEDED', message, { rule: 'maxAmendsPerOrder', limit, actual });
}

/** The changed order as a new one is checked; a trigger that was met is no longer one. */
function requestOf(changed: OpenOrder): NewOrder {
  return isWaiting(changed) ? changed : { ...changed, trigger: null };
}

function apply(
  turn: Turn,
  venue: ExecutionVenue,
  before: OpenOrder,
  changed: OpenOrder,
  amend: OrderAmend,
  instrument: Instrument,
): AmendedOrder {
  const amends = [...before.amends, amend];
  const staysPut = amend.priorityKept || isWaiting(before);
  if (isWaiting(before) || !amend.priorityKept) venue.remove(before);
  else if (changed.quantity < before.quantity)
    venue.reduce(before, quantityOfUnits(before.quantity - changed.quantity), instrument);
  const priority = staysPut ? before.state.priority : turn.state.nextPriority();
  const state = { ...changed.state, priority };
  const updated = turn.update({ ...changed, amends, updatedAt: turn.now, state }, 'AMENDED');
  invariant(isOpen(updated), `order ${updated.id} was amended and is not open`);
  if (!staysPut) executeAccepted(turn, venue, updated, instrument);
  return { kind: 'amended', order: turn.latest(updated), amend, replayed: false };
}

/** At or below what is done already nothing is left: the rest is canceled. */
function endAmended(
  turn: Turn,
  venue: ExecutionVenue,
  order: OpenOrder,
  values: Pick<OrderAmend, 'amendId' | 'before' | 'at'>,
): AmendedOrder {
  venue.remove(order);
  const quantity = order.filledQuantity > 0n ? order.filledQuantity : order.quantity;
  const amend = { ...values, after: { ...values.before, quantity }, priorityKept: false };
  const amends = [...order.amends, amend];
  const ended = cancelOrder({ ...order, quantity, amends }, 'AMENDED_BELOW_FILLED', turn.now);
  return {
    kind: 'amended',
    order: endOrder(turn, ended, 'CANCELED'),
    amend,
    replayed: false,
  };
}
