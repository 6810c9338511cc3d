import type { AccountId } from '#shared/domain/ids.ts';
import { ONE } from '#shared/domain/decimal.ts';
import type { RecordedOrder } from '../../subgraphs/order/domain/order-event.ts';
import type { ChangeSet } from '../../subgraphs/order/domain/ports/journal-store.ts';
import { isOpen } from '../../subgraphs/order/domain/order.ts';
import { SafetyState } from '../../subgraphs/order/engine/safety/safety-state.ts';
import { HOUSE, INSTRUMENTS, lowestPrice } from '../clients/drawn-orders.ts';
import type { StoredOrders, StoredTurn } from '../outside/simulated-order-store.ts';
import type { Violation } from '../violation.ts';

/** Events that must not happen to orders of a halted account. */
const NOT_WHILE_HALTED: ReadonlySet<string> = new Set(['SUBMITTED', 'ACCEPTED', 'FILL']);

/**
 * Checks switches and dead man's timers: goes through the turns as stored, and checks that each obeyed
 * the state stored before it.
 */
export function switchViolations(
  { orders, turns }: StoredOrders,
  atRest: Moment,
): readonly Violation[] {
  const violations: Violation[] = [];
  const wrong = (detail: string) => violations.push({ promise: 'switches', detail });
  const stored = new SafetyState([], [], { now: () => 0 });
  const timers = new Map<AccountId, Moment>();
  for (const turn of turns) {
    const set = new Set(turn.cancelTimers.map(({ accountId }) => accountId));
    const isOnlyEnding = turn.events.every(({ type, order }) => isEnding(type, order));
    for (const accountId of isOnlyEnding ? [] : fired(timers, turn))
      if (!set.has(accountId))
        wrong(`the timer of ${accountId} was due before ${turn.now}, and is still`);
    for (const detail of turn.controls.length === 0 ? halted(turn, stored) : []) wrong(detail);
    for (const control of turn.controls) stored.setControl(control);
    for (const { accountId, firesAt } of turn.cancelTimers)
      if (firesAt === null) timers.delete(accountId);
      else timers.set(accountId, { now: firesAt, steady: turn.steady + firesAt - turn.now });
  }
  for (const order of orders.values())
    if (isOpen(order) && stored.tradingState(order.accountId) === 'HALTED')
      wrong(`${order.id} of ${order.accountId} is open and halted`);
  for (const accountId of fired(timers, atRest)) wrong(`the timer of ${accountId} has never fired`);
  return violations;
}

/** A moment by the clock, which can be set, and by the one that nothing sets. */
type Moment = Pick<StoredTurn, 'now' | 'steady'>;

/** Those that are due by both clocks: the next owner of the books knows only the one that can be set. */
function fired(timers: ReadonlyMap<AccountId, Moment>, at: Moment): readonly AccountId[] {
  return [...timers].flatMap(([accountId, { now, steady }]) =>
    now <= at.now && steady <= at.steady ? [accountId] : [],
  );
}

/** Whether a turn that only handles due orders can do this: end an order, or open the exit of one that ended. */
function isEnding(type: string, { link }: RecordedOrder): boolean {
  return type === 'CANCELED' || type === 'EXPIRED' || link.parentOrderId !== null;
}

/** Violations: what a turn did for accounts that were already halted. */
function halted({ events }: ChangeSet, stored: SafetyState): readonly string[] {
  return events
    .filter(({ type, order: { accountId, link } }) => {
      // The accept of a quote is rejected under a halt, as every rejected order after it was accepted.
      const isRejected = type === 'ACCEPTED' && link.rfqId !== null;
      const isWrong = NOT_WHILE_HALTED.has(type) && !isRejected;
      return isWrong && stored.tradingState(accountId) === 'HALTED';
    })
    .map(({ type, order }) => `${order.id} of ${order.accountId} has ${type} while it is halted`);
}

/** The house's position in an instrument, long or short, never exceeds its limit at the lowest price. */
export function houseViolations({ events }: StoredOrders): readonly Violation[] {
  const most = (HOUSE.skew.inventoryLimit * ONE) / lowestPrice();
  const violations: Violation[] = [];
  const wrong = (detail: string) => violations.push({ promise: 'houseLimit', detail });
  for (const { symbol } of INSTRUMENTS) {
    let has = 0n;
    for (const { fill } of events) {
      if (fill?.symbol !== symbol) continue;
      has += fill.side === 'BUY' ? -fill.quantity : fill.quantity;
      // After the first fill of a trade between two clients, it looks as if the house had traded.
      const isWithin = has <= most + fill.quantity && -has <= most + fill.quantity;
      if (!isWithin) wrong(`the house has ${has} of ${symbol}`);
    }
    if (has > most || -has > most) wrong(`the house is left with ${has} of ${symbol}`);
  }
  return violations;
}
