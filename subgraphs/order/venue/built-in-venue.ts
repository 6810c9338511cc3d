import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { InstrumentSymbol, OrderId } from '#shared/domain/ids.ts';
import type { Execution, ExecutionVenue, HouseTrade } from '../domain/ports/execution-venue.ts';
import { instrumentUnits } from '../domain/instrument-units.ts';
import { isWithin } from '../domain/book/incoming-order.ts';
import { type MatchLimit, NO_LIMIT } from '../domain/book/match-limit.ts';
import { executeSteps, houseTakes, matchOrder } from '../domain/book/match-order.ts';
import type { MatchOutcome } from '../domain/book/match-outcome.ts';
import { matchRestingOrders } from '../domain/book/match-resting-orders.ts';
import { OrderBook } from '../domain/book/order-book.ts';
import { type BookPlace, isOpen, type OpenOrder, oppositeOf, type Order } from '../domain/order.ts';
import { executionOf, incomingOf, placeOf, restingOf } from './book-units.ts';
import type { House } from './house.ts';
import { withoutRepeats } from './without-repeats.ts';

/** Our own books: clients trade with each other and with the house, in this process. */
export class BuiltInVenue implements ExecutionVenue {
  readonly #house: House;
  #books = new Map<InstrumentSymbol, OrderBook>();

  constructor(house: House) {
    this.#house = house;
  }

  restore<Resting extends OpenOrder>(
    orders: readonly { readonly order: Resting; readonly instrument: Instrument }[],
  ): readonly Resting[] {
    this.#books = new Map();
    const crossing: Resting[] = [];
    const byPriority = orders.toSorted(
      (left, right) => left.order.state.priority - right.order.state.priority,
    );
    for (const { order, instrument } of byPriority) {
      const resting = restingOf(order, instrument);
      const { side, priceTicks: worstTicks } = resting;
      const touch = this.book(order.symbol).best(oppositeOf(side));
      if (touch !== null && isWithin({ side, worstTicks }, touch.priceTicks)) crossing.push(order);
      else this.book(order.symbol).add(resting);
    }
    return crossing;
  }

  execute(
    order: OpenOrder,
    instrument: Instrument,
    nextPriority: () => number,
    limit: MatchLimit,
  ): Execution {
    const book = this.book(order.symbol);
    const outcome = this.#match(order, instrument, limit);
    const { steps, residual } = outcome;
    const planned = executionOf(outcome, order, instrument);
    const places = new Array<BookPlace | null>(steps.length).fill(null);
    executeSteps(book, steps, nextPriority, (index, maker) => {
      places[index] = maker === null ? null : placeOf(maker, instrument);
    });
    this.#house.take(instrument, houseTakes(order.side, steps));
    if (residual.kind === 'rests') book.add(restingOf(order, instrument, residual));
    const done = planned.steps.map((step, index) => ({
      ...step,
      makerPlace: places[index] ?? null,
    }));
    return { ...planned, steps: withoutRepeats(done) };
  }

  preview(order: OpenOrder, instrument: Instrument, limit = NO_LIMIT): Execution {
    const execution = executionOf(this.#match(order, instrument, limit), order, instrument);
    return { ...execution, steps: withoutRepeats(execution.steps) };
  }

  reduce(order: OpenOrder, by: Quantity, instrument: Instrument): BookPlace {
    const steps = instrumentUnits(instrument).stepsOf(by);
    const left = this.book(order.symbol).reduce(order.state.priority, steps);
    invariant(left !== null, `order ${order.id} was reduced to nothing`);
    return placeOf(left, instrument);
  }

  remove(order: Order): void {
    if (isOpen(order)) this.book(order.symbol).remove(order.state.priority);
  }

  matchAfterMarketMove(
    instrument: Instrument,
    nextPriority: () => number,
    limit: MatchLimit,
  ): readonly HouseTrade[] {
    const units = instrumentUnits(instrument);
    const book = this.book(instrument.symbol);
    const { matches, takes } = matchRestingOrders(book, this.#house.levels(instrument), limit);
    this.#house.take(instrument, takes);
    const trades = new Map<OrderId, HouseTrade>();
    for (const { maker, priceTicks, quantitySteps } of matches) {
      const { orderId } = maker;
      const left = book.fill(maker, quantitySteps, nextPriority);
      const earlier = trades.get(orderId)?.quantity ?? 0n;
      trades.set(orderId, {
        orderId,
        price: units.priceOf(priceTicks),
        quantity: quantityOfUnits(earlier + units.quantityOf(quantitySteps)),
        place: left === null ? null : placeOf(left, instrument),
      });
    }
    return [...trades.values()];
  }

  /** Whether the house's prices now reach a resting order; cheap enough to call on every tick. */
  isReachedByMarket(instrument: Instrument): boolean {
    const book = this.#books.get(instrument.symbol);
    if (book === undefined || book.orderCount === 0) return false;
    const house = this.#house.levels(instrument);
    return (['BUY', 'SELL'] as const).some((side) => {
      const resting = book.best(side);
      const offered = house[oppositeOf(side)][0];
      if (resting === null || offered === undefined) return false;
      const distance = resting.priceTicks - offered.priceTicks;
      return side === 'BUY' ? distance >= 0 : distance <= 0;
    });
  }

  /** The book of an instrument; a new empty one if there is none. */
  book(symbol: InstrumentSymbol): OrderBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const book = new OrderBook();
    this.#books.set(symbol, book);
    return book;
  }

  #match(order: OpenOrder, instrument: Instrument, limit: MatchLimit): MatchOutcome {
    const house = this.#house.levels(instrument);
    return matchOrder(this.book(order.symbol), house, incomingOf(order, instrument), limit);
  }
}
