import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { Instruments } from '../../domain/ports/instruments.ts';
import type { MarketQuotes } from '../../domain/ports/market-quotes.ts';
import { switchLeg, trailOrder, triggerOrder } from '../../domain/order-progress.ts';
import { worstPriceOnceMet } from '../../domain/rules/order-rule.ts';
import type { WatchedPrices } from '../../domain/order-trigger.ts';
import { isOpen } from '../../domain/order.ts';
import { type ReferenceQuote, tradableQuote } from '../../domain/rules/price-collar.ts';
import { executeAccepted } from '../execute-accepted.ts';
import type { JournalState } from '../journal-state.ts';
import type { Turn } from '../turn.ts';
import type { Waiting } from './waiting-queue.ts';

/** What triggers watch. */
export interface TriggerSources {
  readonly instruments: Pick<Instruments, 'get'>;
  readonly quotes: MarketQuotes;
}

/**
 * The most orders that one turn triggers: the turn must be stored long before the owner's lease
 * ends.
 */
const MAX_SET_OFF = 250;
/**
 * The most trailing stops that one turn moves; the others follow in later turns, and stay in place
 * until then.
 */
const MAX_TRAILED = 100;

/**
 * The quotes by which a turn has begun to trigger orders and could not trigger all: what was met
 * stays met, and continues before anything that came later.
 */
export type UnsettledTriggers = ReadonlyMap<InstrumentSymbol, ReferenceQuote | null>;

/**
 * Triggers the orders whose trigger is met, one after the other: the nearest trigger price first,
 * then the oldest. What one trades can trigger the next. Every turn ends with it.
 * @param unsettled what the previous turn has left: this one only continues with it
 * @returns what this one leaves; null if nothing is met any more
 */
export function settleTriggers(
  turn: Turn,
  unsettled: UnsettledTriggers | null = null,
): UnsettledTriggers | null {
  const { waiting } = turn.state;
  const quotes = unsettled ?? freshQuotes(turn);
  let [left, leftToTrail] = [MAX_SET_OFF, MAX_TRAILED];
  for (const [symbol, quote] of quotes) {
    const instrument = turn.instruments.get(symbol);
    if (instrument === undefined) continue;
    // The market can have become stale since the turn that has left these.
    const market = freshQuote(instrument, turn, turn.now);
    if (!canSetOff(instrument, market)) continue;
    const prices = () => pricesNow(turn.state, symbol, quote);
    if (unsettled === null && waiting.seePrices(instrument, prices(), turn.now))
      leftToTrail -= moveTrails(turn, instrument, Math.min(leftToTrail, turn.room));
    for (
      let next = waiting.firstMet(symbol, prices());
      next !== undefined;
      next = waiting.firstMet(symbol, prices())
    ) {
      if (left === 0 || turn.isFull || turn.state.arriving !== undefined) return quotes;
      left -= 1;
      setOff(turn, next, { instrument, quote: market });
    }
  }
  return null;
}

/** The market in which orders are triggered. */
interface TriggeredMarket {
  readonly instrument: Instrument;
  readonly quote: ReferenceQuote;
}

/** @returns how many were moved */
function moveTrails(turn: Turn, instrument: Instrument, most: number): number {
  const { waiting } = turn.state;
  const moved = waiting.movedTrails(instrument, most, turn.now);
  for (const { order, triggerPrice, isMet } of moved) {
    turn.suspect(order.id);
    const trailed = turn.update(trailOrder(order, triggerPrice, turn.at), 'AMENDED');
    if (isMet) waiting.noteMet(trailed);
  }
  return moved.length;
}

/**
 * Whether {@link settleTriggers} would do anything for an instrument. The prices are always noted:
 * what they meet stays met, and trailing stops follow them, even if others have come by the time of
 * the turn.
 */
export function isTriggerDue(
  state: JournalState,
  symbol: InstrumentSymbol,
  sources: TriggerSources,
  nowMs: number,
): boolean {
  const instrument = sources.instruments.get(symbol);
  if (instrument === undefined) return false;
  const quote = freshQuote(instrument, sources, nowMs);
  const prices = pricesNow(state, symbol, quote);
  const { waiting } = state;
  const isAnyBehind = waiting.seePrices(instrument, prices, nowMs);
  const isAnyMet = waiting.firstMet(symbol, prices) !== undefined;
  return canSetOff(instrument, quote) && (isAnyBehind || isAnyMet);
}

/**
 * While an instrument is stopped, or its market is stale or crossed, nothing is set off: the house
 * offers nothing then, and a stop would expire without having sold. What was met stays met.
 */
function canSetOff({ status }: Instrument, quote: ReferenceQuote | null): quote is ReferenceQuote {
  return status === 'TRADING' && quote !== null;
}

function freshQuotes(turn: Turn): UnsettledTriggers {
  return new Map(
    turn.state.waiting.symbols().map((symbol) => {
      const instrument = turn.instruments.get(symbol);
      return [symbol, instrument === undefined ? null : freshQuote(instrument, turn, turn.now)];
    }),
  );
}

function freshQuote(
  instrument: Instrument,
  { quotes }: Pick<TriggerSources, 'quotes'>,
  nowMs: number,
): ReferenceQuote | null {
  return tradableQuote(quotes.quote(instrument.symbol), instrument, nowMs);
}

function pricesNow(
  state: JournalState,
  symbol: InstrumentSymbol,
  quote: ReferenceQuote | null,
): WatchedPrices {
  return { quote, lastPrice: state.lastPrice(symbol) };
}

function setOff(turn: Turn, waiting: Waiting, market: TriggeredMarket) {
  const { order } = waiting;
  turn.suspect(order.id);
  turn.venue.remove(order);
  const triggered = turn.update(setOffOrder(turn, waiting, market), 'TRIGGERED');
  invariant(isOpen(triggered), `order ${order.id} was triggered and is not open`);
  executeAccepted(turn, triggered, market.instrument);
}

function setOffOrder(
  turn: Turn,
  { order, leg, trigger }: Waiting,
  { instrument, quote }: TriggeredMarket,
) {
  const priority = turn.state.nextPriority();
  if (leg !== null) return switchLeg(order, leg, priority, turn.at);
  return triggerOrder(
    order,
    worstPriceOnceMet(order, trigger.triggerPrice, quote, instrument),
    priority,
    turn.at,
  );
}
