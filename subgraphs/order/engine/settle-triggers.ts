import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { MarketQuotes } from '../domain/market-quotes.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import type { StopLeg } from '../domain/order-link.ts';
import { switchLeg, trailOrder, triggerOrder } from '../domain/order-progress.ts';
import { worstPriceBehind } from '../domain/order-rule.ts';
import {
  isTriggerMet,
  type OrderTrigger,
  trailedPrice,
  watchedPrice,
  type WatchedPrices,
} from '../domain/order-trigger.ts';
import { isOpen, isWaiting, type OpenOrder } from '../domain/order.ts';
import { isQuoteFresh } from '../domain/price-collar.ts';
import { executeAccepted } from './execute-accepted.ts';
import type { JournalState } from './journal-state.ts';
import type { Turn } from './turn.ts';

/** What triggers look at. */
export interface TriggerSources {
  readonly instruments: Pick<Instruments, 'get'>;
  readonly quotes: MarketQuotes;
}

/** What a waiting order is waiting for: its own trigger, or that of its other leg. */
interface Waiting {
  readonly order: OpenOrder & RecordedOrder;
  readonly trigger: Pick<OrderTrigger, 'kind' | 'source' | 'triggerPrice' | 'trailing'>;
  readonly leg: StopLeg | null;
}

/**
 * Lets orders come whose trigger is met, one after the other: the nearest trigger price first, then
 * the oldest. What one trades can set off the next. Every turn ends with it.
 */
export function settleTriggers(turn: Turn, venue: ExecutionVenue, sources: TriggerSources): void {
  for (const symbol of turn.state.waitingSymbols()) {
    const instrument = sources.instruments.get(symbol);
    if (instrument === undefined) continue;
    for (const { order, triggerPrice } of movedTrails(turn, instrument, sources))
      turn.update(trailOrder(order, triggerPrice, turn.now), 'AMENDED');
    for (
      let next = nextMet(turn.state, instrument, sources, turn.now);
      next !== undefined;
      next = nextMet(turn.state, instrument, sources, turn.now)
    )
      setOff(turn, venue, next, instrument);
  }
}

/** Whether {@link settleTriggers} would do anything for an instrument. */
export function isTriggerDue(
  state: JournalState,
  symbol: InstrumentSymbol,
  sources: TriggerSources,
  nowMs: number,
): boolean {
  const instrument = sources.instruments.get(symbol);
  if (instrument === undefined) return false;
  return (
    nextMet(state, instrument, sources, nowMs) !== undefined ||
    movedTrails({ state, now: nowMs }, instrument, sources).length > 0
  );
}

/** The prices of an instrument that triggers watch now. */
export function watchedPrices(
  state: JournalState,
  instrument: Instrument,
  { quotes }: Pick<TriggerSources, 'quotes'>,
  nowMs: number,
): WatchedPrices {
  const quote = quotes.quote(instrument.symbol);
  const isFresh = quote !== null && isQuoteFresh(quote, instrument, nowMs);
  return { quote: isFresh ? quote : null, lastPrice: state.lastPrice(instrument.symbol) };
}

function waitingOrders(state: JournalState, symbol: InstrumentSymbol): Waiting[] {
  return [...state.waiting(symbol)].flatMap((order): Waiting[] => {
    if (!isOpen(order)) return [];
    const { stop } = order.link;
    if (isWaiting(order) && order.trigger !== null)
      return [{ order, trigger: order.trigger, leg: null }];
    return stop === null
      ? []
      : [{ order, trigger: { ...stop, kind: 'STOP', trailing: null }, leg: stop }];
  });
}

function nextMet(
  state: JournalState,
  instrument: Instrument,
  sources: TriggerSources,
  nowMs: number,
): Waiting | undefined {
  const prices = watchedPrices(state, instrument, sources, nowMs);
  const met = waitingOrders(state, instrument.symbol).flatMap((waiting) => {
    const { order, trigger } = waiting;
    const watched = watchedPrice(order.side, trigger, prices);
    if (watched === null || !isTriggerMet(order.side, trigger, watched)) return [];
    const past = watched - trigger.triggerPrice;
    return [{ waiting, past: past < 0n ? -past : past }];
  });
  // The one that the price went past the furthest was reached first.
  met.sort(
    (left, right) =>
      Number(right.past > left.past) - Number(right.past < left.past) ||
      left.waiting.order.state.priority - right.waiting.order.state.priority,
  );
  return met[0]?.waiting;
}

function movedTrails(
  { state, now }: Pick<Turn, 'state' | 'now'>,
  instrument: Instrument,
  sources: TriggerSources,
) {
  const prices = watchedPrices(state, instrument, sources, now);
  return waitingOrders(state, instrument.symbol).flatMap(({ order, trigger }) => {
    const { side } = order;
    const watched = trigger.trailing === null ? null : watchedPrice(side, trigger, prices);
    if (watched === null) return [];
    const triggerPrice = trailedPrice(side, trigger, watched, instrument);
    return triggerPrice === trigger.triggerPrice ? [] : [{ order, triggerPrice }];
  });
}

function setOff(turn: Turn, venue: ExecutionVenue, waiting: Waiting, instrument: Instrument) {
  const { order } = waiting;
  venue.remove(order);
  const triggered = turn.update(setOffOrder(turn, waiting, instrument), 'TRIGGERED');
  invariant(isOpen(triggered), `order ${order.id} was triggered and is not open`);
  executeAccepted(turn, venue, triggered, instrument);
}

function setOffOrder(turn: Turn, { order, leg, trigger }: Waiting, instrument: Instrument) {
  const priority = turn.state.nextPriority();
  if (leg !== null) return switchLeg(order, leg, priority, turn.now);
  const worstPrice =
    order.terms.orderType === 'LIMIT'
      ? order.hold.worstPrice
      : worstPriceBehind(order.side, trigger.triggerPrice, instrument);
  invariant(worstPrice !== null, `the trigger price of order ${order.id} has no collar`);
  return triggerOrder(order, worstPrice, priority, turn.now);
}
