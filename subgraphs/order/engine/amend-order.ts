import type { Instrument } from '#shared/domain/instrument.ts';
import { parseHoldChangeId, trusted, type UserId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { formatPrice, type Price } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { amendedBefore } from '../domain/use-cases/amend-order.ts';
import {
  amendableValues,
  differingChanges,
  holdShortfall,
  isOnlyLess,
  keepsPriority,
  madeAmend,
  MAX_AMENDS_PER_ORDER,
  type OrderChanges,
  placedByAfter,
  unchangeable,
  versionOf,
  withChanges,
} from '../domain/order-amend.ts';
import { nearestRestingPrice } from '../domain/rules/nearest-valid.ts';
import { denial, type OrderDenial, type OrderViolations } from '../domain/rules/order-denial.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { AmendedOrder } from '../domain/ports/order-journal.ts';
import { transition } from '../domain/order-lifecycle.ts';
import { cancelOrder, type NewOrder } from '../domain/order-progress.ts';
import { isOpen, isWaiting, limitPriceOf, type OpenOrder } from '../domain/order.ts';
import { askForAmend, type PendingAmend } from '../domain/pending-amend.ts';
import { FUNDS_WITHIN_MS, tooLateDenial } from '../domain/rules/valid-until.ts';
import { checkNewOrder } from './check-new-order.ts';
import { endOrder } from './end-order.ts';
import { executeAccepted } from './execute-accepted.ts';
import { trimHold } from './trim-hold.ts';
import type { Turn } from './turn.ts';

/** A change of one order. */
export interface AmendCommand {
  readonly amendId: string;
  /** Only if the order has this version; null accepts any. */
  readonly expectedVersion: number | null;
  /** Until when it can be made, milliseconds since the epoch; null or omitted for any time. */
  readonly validUntil?: number | null;
  readonly changes: OrderChanges;
  /** The user who asks; null or omitted if that is not a user. */
  readonly askedBy?: UserId | null;
}

/** A change, the id that identifies it, and who asks. */
export type AmendAsk = Pick<AmendCommand, 'amendId' | 'changes' | 'askedBy'>;

/** The outcome of a change, or that the ledger is asked for a larger hold. */
export type AmendDecision =
  AmendedOrder | { readonly kind: 'pending'; readonly order: RecordedOrder };

/**
 * Changes an open order, by the rules for a new order with these values. A refused change leaves it
 * unchanged; one that was made before is answered again; and one that needs a larger hold waits,
 * with the order unchanged, until the ledger has answered.
 */
export function amendOrder(
  turn: Turn,
  order: RecordedOrder,
  command: AmendCommand,
  instrument: Instrument,
): AmendDecision {
  const { amendId, expectedVersion, changes, askedBy = null, validUntil = null } = command;
  const made = amendedBefore(order, command);
  if (made !== null) return made;
  if (!isOpen(order)) return { kind: 'notAmendable', order };
  const answered = answeredByPending(order, command);
  if (answered !== null) return answered;
  if (expectedVersion !== null && expectedVersion !== versionOf(order))
    return { kind: 'versionConflict', order };

  const decision = decide(turn, order, { changes, validUntil }, instrument);
  switch (decision.kind) {
    case 'denied':
      return { kind: 'denied', order, violations: decision.violations };
    case 'nothingLeft':
      return endAmended(turn, order, command);
    case 'passed':
      break;
  }
  const { changed } = decision;
  const growth = holdShortfall(changed, changed.hold.worstPrice, instrument);
  if (growth === 0n) return makeAmend(turn, { order, changed, ask: command }, instrument);
  if (order.state.status === 'PENDING_UPDATE') return { kind: 'notAmendable', order };
  const pending = {
    amendId,
    askedBy,
    changes,
    growth,
    changeId: trusted(parseHoldChangeId, turn.newId()),
    validUntil: Math.min(validUntil ?? Infinity, turn.now + FUNDS_WITHIN_MS),
  };
  const asking = askForAmend(order, pending, turn.at);
  return { kind: 'pending', order: turn.update(asking, 'AMEND_REQUESTED') };
}

/**
 * The answer to a change while another one, or the same, waits for a larger hold; null if none does, or if this one only
 * makes the order less. That needs no hold, however long the ledger is away, and the change that waits was not asked for
 * with it in mind: it will be refused, because the order has another version then.
 */
function answeredByPending(
  order: RecordedOrder & OpenOrder,
  { amendId, changes }: AmendCommand,
): AmendDecision | null {
  if (order.state.status !== 'PENDING_UPDATE') return null;
  const { pending } = order.state;
  if (pending.amendId === amendId) {
    const differingFields = differingChanges(pending.changes, changes);
    return differingFields.length > 0
      ? { kind: 'amendIdConflict', order, differingFields }
      : { kind: 'pending', order };
  }
  const after = amendableValues(withChanges(order, changes));
  return isOnlyLess(amendableValues(order), after) ? null : { kind: 'notAmendable', order };
}

/** What a change would come to at this moment. */
export type AmendCheck =
  | { readonly kind: 'denied'; readonly violations: OrderViolations }
  /** The new quantity has filled already. */
  | { readonly kind: 'nothingLeft' }
  /** With the worst price that its hold has to calculate with. */
  | { readonly kind: 'passed'; readonly changed: OpenOrder };

/** Checks a change by the rules of a new order. Nothing changes. */
export function decide(
  turn: Turn,
  order: OpenOrder,
  { changes, validUntil }: Pick<PendingAmend, 'changes' | 'validUntil'>,
  instrument: Instrument,
): AmendCheck {
  const refused =
    tooLateDenial(validUntil, turn.now) ?? unchangeable(order, changes) ?? tooMany(order);
  if (refused !== null) return { kind: 'denied', violations: [refused] };
  const changed = withChanges(order, changes);
  if (changed.quantity <= order.filledQuantity + order.preventedQuantity)
    return { kind: 'nothingLeft' };
  const checked = checkNewOrder(turn, requestOf(changed), instrument);
  if (checked.kind === 'denied') return { kind: 'denied', violations: checked.violations };
  const { worstPrice } = checked.hold;
  const next = { ...changed, hold: { ...changed.hold, worstPrice } };
  const takes = wouldTake(turn, order, next, instrument);
  if (takes !== null) return { kind: 'denied', violations: [takes] };
  return { kind: 'passed', changed: next };
}

/** Makes a change for which the hold is large enough, and releases what is held beyond it. */
export function makeAmend(
  turn: Turn,
  { order, changed, ask }: { order: OpenOrder; changed: OpenOrder; ask: AmendAsk },
  instrument: Instrument,
): AmendedOrder {
  transition(order.state.status, 'AMEND');
  const [before, after] = [amendableValues(order), amendableValues(changed)];
  const { amendId, changes: asked, askedBy = null } = ask;
  const placedBy = placedByAfter(order, before, after, askedBy);
  // The book knows an order with its user: one of another user has another place.
  const priorityKept = keepsPriority(before, after) && placedBy === order.placedBy;
  const amend = madeAmend(order, { amendId, asked, before, after, priorityKept, at: turn.at });
  const staysPut = priorityKept || isWaiting(order);
  const place = staysPut
    ? placeKept(turn, order, changed, instrument)
    : { priority: turn.state.nextPriority(), shownQuantity: null };
  if (!staysPut) turn.venue.remove(order);
  const next = {
    ...trimHold(turn, changed, instrument),
    placedBy,
    amends: [...order.amends, amend],
    updatedAt: turn.at,
    state: { ...changed.state, ...place },
  };
  const updated = turn.update(next, 'AMENDED');
  invariant(isOpen(updated), `order ${updated.id} was amended and is not open`);
  if (!staysPut) executeAccepted(turn, updated, instrument);
  return { kind: 'amended', order: turn.latest(updated), amend, replayed: false };
}

function placeKept(turn: Turn, order: OpenOrder, changed: OpenOrder, instrument: Instrument) {
  if (isWaiting(order) || changed.quantity >= order.quantity) return null;
  return turn.venue.reduce(order, quantityOfUnits(order.quantity - changed.quantity), instrument);
}

function tooMany({ amends }: OpenOrder) {
  if (amends.length < MAX_AMENDS_PER_ORDER) return null;
  const [limit, actual] = [`${MAX_AMENDS_PER_ORDER}`, `${amends.length + 1}`];
  const message = `The order was amended ${amends.length} times; the limit is ${limit}.`;
  return denial('RATE_LIMIT_EXCEEDED', message, { rule: 'maxAmendsPerOrder', limit, actual });
}

/** The changed order, checked like a new one; a trigger that was met no longer counts as one. */
function requestOf(changed: OpenOrder): NewOrder {
  return isWaiting(changed) ? changed : { ...changed, trigger: null };
}

/**
 * POST_ONLY_WOULD_TAKE: a post-only order that cannot be moved would be rejected, so it stays
 * unchanged.
 */
function wouldTake(
  turn: Turn,
  order: OpenOrder,
  changed: OpenOrder,
  instrument: Instrument,
): OrderDenial | null {
  if (changed.instructions.postOnly !== 'REJECT' || isWaiting(order)) return null;
  const { residual } = turn.venue.preview(changed, instrument);
  if (residual.kind !== 'rejected') return null;
  const { side, terms } = changed;
  const text = (price: Price | null) =>
    price === null ? null : formatPrice(price, instrument.priceScale);
  const [limit, actual] = [text(residual.touchPrice), text(limitPriceOf(terms))];
  const nearestValid = text(nearestRestingPrice(side, residual.touchPrice, instrument));
  const message = `At ${actual} the post-only order would take liquidity: the best price is ${limit}.`;
  const values = { rule: 'limitPrice', limit, actual, nearestValid };
  return denial('POST_ONLY_WOULD_TAKE', message, values);
}

/** At or below the filled quantity nothing is left: the rest is canceled. */
export function endAmended(
  turn: Turn,
  order: OpenOrder,
  { amendId, changes: asked }: AmendAsk,
): AmendedOrder {
  turn.venue.remove(order);
  const before = amendableValues(order);
  const done = quantityOfUnits(order.filledQuantity + order.preventedQuantity);
  const quantity = done > 0n ? done : order.quantity;
  const amend = madeAmend(order, {
    amendId,
    asked,
    before,
    after: { ...before, quantity },
    priorityKept: false,
    at: turn.at,
  });
  const amends = [...order.amends, amend];
  const ended = cancelOrder({ ...order, quantity, amends }, 'AMENDED_BELOW_FILLED', turn.at);
  return { kind: 'amended', order: endOrder(turn, ended, 'CANCELED'), amend, replayed: false };
}
