import type { HoldId } from '#shared/domain/ids.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import { leftOf } from '../../subgraphs/account/domain/hold.ts';
import type { LedgerChanges } from '../../subgraphs/account/domain/ledger-draft.ts';
import type { RecordedFill, RecordedOrder } from '../../subgraphs/order/domain/order-event.ts';
import { holdAmount } from '../../subgraphs/order/domain/hold-amount.ts';
import { isByQuote } from '../../subgraphs/order/domain/quote-quantity.ts';
import { isClosed, isOpen, unfilledQuantity } from '../../subgraphs/order/domain/order.ts';
import { positionKey } from '../../subgraphs/order/engine/journal-state.ts';
import { instrumentOf } from '../clients/drawn-orders.ts';
import type { StoredOrders } from '../outside/simulated-order-store.ts';
import { sumsBy } from './sums.ts';
import type { Limited, Told } from '../clients/trading-client.ts';
import type { Violation } from '../violation.ts';

/** Checks what must hold among the orders, and between them and the ledger. */
export function orderViolations(stored: StoredOrders, ledger: LedgerChanges): readonly Violation[] {
  const fills = stored.events.flatMap(({ fill }) => (fill === null ? [] : [fill]));
  return [
    ...unfinished(stored),
    ...stillGuarded(stored),
    ...stored.broken.map((detail) => ({ promise: 'orders' as const, detail })),
    ...wrongHolds(stored, ledger),
    ...wrongSettlements(fills, ledger),
    ...wrongPositions(stored, fills),
    ...wrongOrders(stored, fills),
  ];
}

/** Every connection that guards orders is lost by now. */
function stillGuarded({ orders }: StoredOrders): Violation[] {
  return [...orders.values()]
    .filter((order) => isOpen(order) && order.instructions.guardConnectionId !== null)
    .map(({ id }) => ({ promise: 'guards', detail: `${id} outlives its connection` }));
}

function unfinished({ orders, outbox }: StoredOrders): Violation[] {
  const inFlight = [...orders.values()]
    .filter(({ state: { status } }) => status === 'SUBMITTED' || status === 'PENDING_UPDATE')
    .map(({ id, state }) => ({ promise: 'comesToRest', detail: `${id} stays ${state.status}` }));
  const unsent = [...outbox.keys()].map((position) => ({
    promise: 'comesToRest',
    detail: `outbox entry ${position} stays unsent`,
  }));
  return [...inFlight, ...unsent] as Violation[];
}

/** Each open order has a hold for what it needs, and each hold has an open order. */
function wrongHolds({ orders }: StoredOrders, ledger: LedgerChanges): Violation[] {
  const violations: Violation[] = [];
  const wrong = (detail: string) => violations.push({ promise: 'holds', detail });
  const holds = new Map(ledger.holds.map((hold) => [hold.id, hold]));
  for (const order of orders.values()) {
    if (!isOpen(order)) continue;
    const hold = holds.get(order.id as string as HoldId);
    const { side } = order;
    const { remaining, worstPrice, asset, ...rates } = order.hold;
    if (hold?.status !== 'PLACED') wrong(`${order.id} is open, its hold ${hold?.status ?? 'none'}`);
    else if (leftOf(hold) !== remaining || hold.asset !== asset)
      wrong(`${order.id} counts on ${remaining} ${asset}, ${leftOf(hold)} ${hold.asset} is held`);
    const { quoteScale } = instrumentOf(order.symbol);
    const needed = holdAmount(side, worstPrice, unfilledQuantity(order), { ...rates, quoteScale });
    if (!isByQuote(order) && needed > remaining)
      wrong(`${order.id} needs ${needed - remaining} more`);
  }
  const open = new Set([...orders.values()].filter(isOpen).map(({ id }) => id));
  for (const { id, status, orderId } of ledger.holds)
    if (status === 'PLACED' && !open.has(orderId)) wrong(`${id} holds for no open order`);
  return violations;
}

/** Every fill moved its quantity and its cost once, and nothing moved without a fill. */
function wrongSettlements(fills: readonly RecordedFill[], ledger: LedgerChanges): Violation[] {
  const keyOf = (fillId: string, asset: string) => `${fillId} ${asset}`;
  const due = new Map<string, bigint>();
  for (const { id, symbol, side, quantity, quoteQuantity, fee } of fills) {
    const sign = side === 'BUY' ? 1n : -1n;
    const { base, quote } = instrumentOf(symbol);
    due.set(keyOf(id, base), sign * quantity);
    due.set(keyOf(id, quote), -sign * quoteQuantity - fee);
  }
  // The fees account's side of a fee names the fill too.
  const clients = ledger.entries.filter(
    ({ accountId, fillId, orderId }) =>
      accountId !== DESK_ACCOUNTS.FEES && fillId !== null && orderId !== null,
  );
  const moved = sumsBy(
    clients,
    ({ fillId, asset }) => keyOf(fillId ?? '', asset),
    ({ change }) => change,
  );
  return [...new Set([...due.keys(), ...moved.keys()])]
    .filter((key) => (due.get(key) ?? 0n) !== (moved.get(key) ?? 0n))
    .map((key) => ({
      promise: 'settlements',
      detail: `fill ${key} is due ${due.get(key)}, and ${moved.get(key)} was moved`,
    }));
}

function wrongPositions({ positions }: StoredOrders, fills: readonly RecordedFill[]): Violation[] {
  const keyOf = ({ accountId, symbol }: RecordedFill) => positionKey(accountId, symbol);
  const signed = sumsBy(fills, keyOf, ({ side, quantity }) =>
    side === 'BUY' ? quantity : -quantity,
  );
  const paid = sumsBy(fills, keyOf, ({ fee }) => fee);
  return [...new Set([...positions.keys(), ...signed.keys()])].flatMap((key): Violation[] => {
    const { netQuantity = 0n, fees = 0n } = positions.get(key) ?? {};
    const [net, fee] = [signed.get(key) ?? 0n, paid.get(key) ?? 0n];
    if (netQuantity === net && fees === fee) return [];
    const detail = `${key} has ${netQuantity} and paid ${fees}, its fills sum to ${net} and ${fee}`;
    return [{ promise: 'positions', detail }];
  });
}

/** Each clientOrderId has one order, filled by exactly its fills, with a gapless sequence. */
function wrongOrders(
  { orders, events }: StoredOrders,
  fills: readonly RecordedFill[],
): Violation[] {
  const violations: Violation[] = [];
  const wrong = (detail: string) => violations.push({ promise: 'orders', detail });
  const nameOf = ({ accountId, clientOrderId }: RecordedOrder) => `${accountId}/${clientOrderId}`;
  for (const [name, count] of sumsBy(orders.values(), nameOf, () => 1n))
    if (count > 1n) wrong(`${name} made ${count} orders`);
  const filled = sumsBy(
    fills,
    ({ orderId }) => orderId,
    ({ quantity }) => quantity,
  );
  for (const { id, filledQuantity, amends } of orders.values()) {
    if (filledQuantity !== (filled.get(id) ?? 0n))
      wrong(`${id} is filled otherwise than its fills`);
    for (const { supersedes } of amends)
      if (amends.some(({ amendId }) => amendId === supersedes))
        wrong(`${id} has the amend ${supersedes}, which was too late`);
  }
  const last = new Map<string, bigint>();
  for (const { order, sequence } of events) {
    const before = last.get(order.accountId) ?? 0n;
    if (sequence !== before + 1n) wrong(`${order.accountId}: ${sequence} follows ${before}`);
    last.set(order.accountId, sequence);
  }
  return violations;
}

/** Every outcome that a client received is what the desk has. */
export function toldViolations(stored: StoredOrders, told: readonly Told[]): readonly Violation[] {
  const fills = new Set(stored.events.flatMap(({ fill }) => (fill === null ? [] : [fill.id])));
  return told.flatMap((one): Violation[] => {
    if (one.kind === 'absurd') return [{ promise: 'told', detail: one.text }];
    if (one.kind === 'switched' || one.kind === 'timed')
      return isSet(stored, one) ? [] : [{ promise: 'told', detail: JSON.stringify(one) }];
    const order = stored.orders.get(one.orderId);
    const isFound = order !== undefined && isAsTold(order, one);
    const areFilled = one.kind !== 'placed' || one.fillIds.every((id) => fills.has(id));
    if (isFound && areFilled) return [];
    const detail = `told ${JSON.stringify(one)}, found ${order?.state.status ?? 'nothing'}`;
    return [{ promise: 'told', detail }];
  });
}

/** No order was accepted, and no amend made, after the time until which it could. */
export function lateViolations(
  { orders }: StoredOrders,
  limited: readonly Limited[],
): readonly Violation[] {
  const untilOf = new Map(
    limited.map(({ accountId, name, validUntil }) => [`${accountId}/${name}`, validUntil]),
  );
  return [...orders.values()].flatMap((order): Violation[] => {
    const { accountId, clientOrderId, amends, state } = order;
    const accepted = 'acceptedAt' in state ? state.acceptedAt : null;
    const made = amends.map(({ amendId, at }) => ({ name: amendId, at }));
    const all = accepted === null ? made : [...made, { name: clientOrderId, at: accepted }];
    return all
      .filter(({ name, at }) => at >= (untilOf.get(`${accountId}/${name}`) ?? Infinity))
      .map(({ name, at }) => ({ promise: 'limits', detail: `${name} took effect late, at ${at}` }));
  });
}

type ToldSwitch = Extract<Told, { kind: 'switched' | 'timed' }>;

function isSet({ turns }: StoredOrders, told: ToldSwitch): boolean {
  return turns.some(({ controls, cancelTimers }) =>
    told.kind === 'switched'
      ? controls.some((one) => JSON.stringify(one) === JSON.stringify(told.control))
      : cancelTimers.some(
          ({ accountId, firesAt }) => accountId === told.accountId && firesAt === told.firesAt,
        ),
  );
}

function isAsTold(
  order: RecordedOrder,
  told: Exclude<Told, { kind: 'absurd' } | ToldSwitch>,
): boolean {
  const { status } = order.state;
  switch (told.kind) {
    case 'placed': {
      if (order.clientOrderId !== told.clientOrderId || status === 'SUBMITTED') return false;
      if (told.became === 'denied') return status === 'DENIED';
      return told.became === 'rejected' ? status === 'REJECTED' : status !== 'DENIED';
    }
    case 'amended':
      return order.amends.some(({ amendId }) => amendId === told.amendId);
    case 'canceled':
      return isClosed(order) && status === 'CANCELED';
  }
}
