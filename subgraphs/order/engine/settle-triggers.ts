import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { ExecutionVenue } from '../domain/execution-venue.ts';
import type { Instruments } from '../domain/instruments.ts';
import type { MarketQuotes } from '../domain/market-quotes.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { trailOrder, triggerOrder } from '../domain/order-progress.ts';
import { worstPriceBehind } from '../domain/order-rule.ts';
import {
  isTriggerMet,
  type OrderTrigger,
  trailedPrice,
  watchedPrice,
  type WatchedPrices,
} from '../domain/order-trigger.ts';
import { isOpen, type OpenOrder } from '../domain/order.ts';
import { isQuoteFresh } from '../domain/price-collar.ts';
import { executeAccepted } from './execute-accepted.ts';
import type { JournalState } from './journal-state.ts';
import type { Turn } from './turn.ts';

/** What triggers look at. */
export interface TriggerSources {
  readonly instruments: Pick<Instruments, 'get'>;
  readonly quotes: MarketQuotes;
}

type WaitingOrder = OpenOrder & RecordedOrder & { readonly trigger: OrderTrigger };

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

function waitingOrders(state: JournalState, symbol: InstrumentSymbol): WaitingOrder[] {
  return [...state.waiting(symbol)].filter(
    (order): order is WaitingOrder => isOpen(order) && order.trigger !== null,
  );
}

function nextMet(
  state: JournalState,
  instrument: Instrument,
  sources: TriggerSources,
  nowMs: number,
): WaitingOrder | undefined {
  const prices = watchedPrices(state, instrument, sources, nowMs);
  const met = waitingOrders(state, instrument.symbol).flatMap((order) => {
    const watched = watchedPrice(order.side, order.trigger, prices);
    if (watched === null || !isTriggerMet(order.side, order.trigger, watched)) return [];
    const past = watched - order.trigger.triggerPrice;
    return [{ order, past: past < 0n ? -past : past }];
  });
  // The one that the price went past the furthest was reached first.
  met.sort(
    (left, right) =>
      Number(right.past > left.past) - Number(right.past < left.past) ||
      left.order.state.priority - right.order.state.priority,
  );
  return met[0]?.order;
}

function movedTrails(
  { state, now }: Pick<Turn, 'state' | 'now'>,
  instrument: Instrument,
  sources: TriggerSources,
) {
  const prices = watchedPrices(state, instrument, sources, now);
  return waitingOrders(state, instrument.symbol).flatMap((order) => {
    const { trigger, side } = order;
    const watched = trigger.trailing === null ? null : watchedPrice(side, trigger, prices);
    if (watched === null) return [];
    const triggerPrice = trailedPrice(side, trigger, watched, instrument);
    return triggerPrice === trigger.triggerPrice ? [] : [{ order, triggerPrice }];
  });
}

function setOff(turn: Turn, venue: ExecutionVenue, order: WaitingOrder, instrument: Instrument) {
  const worstPrice =
    order.terms.orderType === 'LIMIT'
      ? order.hold.worstPrice
      : worstPriceBehind(order.side, order.trigger.triggerPrice, instrument);
  invariant(worstPrice !== null, `the trigger price of order ${order.id} has no collar`);
  const priority = turn.state.nextPriority();
  const triggered = turn.update(triggerOrder(order, worstPrice, priority, turn.now), 'TRIGGERED');
  invariant(isOpen(triggered), `order ${order.id} was triggered and is not open`);
  executeAccepted(turn, venue, triggered, instrument);
}
