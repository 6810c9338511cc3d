import type { Instrument } from '#shared/domain/instrument.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Execution, ExecutionVenue, HouseTrade } from '../domain/execution-venue.ts';
import { instrumentUnits } from '../domain/instrument-units.ts';
import { oppositeOf } from '../domain/incoming-order.ts';
import { executeSteps, houseTakes, matchOrder } from '../domain/match-order.ts';
import type { MatchOutcome } from '../domain/match-outcome.ts';
import { matchRestingOrders } from '../domain/match-resting-orders.ts';
import { OrderBook } from '../domain/order-book.ts';
import {
  isOpen,
  type OpenOrder,
  type Order,
  timeInForceOf,
  unfilledQuantity,
} from '../domain/order.ts';
import type { House } from './house.ts';

/** Our own books: clients trade with each other and with the house, in this process. */
export class BuiltInVenue implements ExecutionVenue {
  readonly #house: House;
  #books = new Map<InstrumentSymbol, OrderBook>();

  constructor(house: House) {
    this.#house = house;
  }

  restore(orders: readonly { readonly order: OpenOrder; readonly instrument: Instrument }[]): void {
    this.#books = new Map();
    const byPriority = orders.toSorted(
      (left, right) => left.order.state.priority - right.order.state.priority,
    );
    for (const { order, instrument } of byPriority) {
      const units = instrumentUnits(instrument);
      this.book(order.symbol).add({
        orderId: order.id,
        tradeGroupId: order.accountId,
        priority: order.state.priority,
        side: order.side,
        priceTicks: units.ticksOf(order.hold.worstPrice),
        shownSteps: units.stepsOf(unfilledQuantity(order)),
        hiddenSteps: 0,
        displaySteps: null,
      });
    }
  }

  execute(order: OpenOrder, instrument: Instrument, nextPriority: () => number): Execution {
    const book = this.book(order.symbol);
    const outcome = this.#match(order, instrument);
    const { steps, residual } = outcome;
    // Told before the book changes: it uses an order that left it for the next that comes.
    const execution = executionOf(outcome, instrument);
    executeSteps(book, steps, nextPriority);
    this.#house.take(instrument, houseTakes(order.side, steps));
    if (residual.kind === 'rests')
      book.add({
        orderId: order.id,
        tradeGroupId: order.accountId,
        priority: order.state.priority,
        side: order.side,
        priceTicks: residual.priceTicks,
        shownSteps: residual.quantitySteps,
        hiddenSteps: 0,
        displaySteps: null,
      });
    return execution;
  }

  preview(order: OpenOrder, instrument: Instrument): Execution {
    return executionOf(this.#match(order, instrument), instrument);
  }

  reduce(order: OpenOrder, by: Quantity, instrument: Instrument): void {
    const steps = instrumentUnits(instrument).stepsOf(by);
    this.book(order.symbol).reduce(order.state.priority, steps);
  }

  remove(order: Order): void {
    if (isOpen(order)) this.book(order.symbol).remove(order.state.priority);
  }

  matchAfterMarketMove(instrument: Instrument, nextPriority: () => number): readonly HouseTrade[] {
    const units = instrumentUnits(instrument);
    const book = this.book(instrument.symbol);
    const { matches, takes } = matchRestingOrders(book, this.#house.levels(instrument));
    this.#house.take(instrument, takes);
    const trades = matches.map(({ maker, priceTicks, quantitySteps }) => ({
      orderId: maker.orderId,
      price: units.priceOf(priceTicks),
      quantity: units.quantityOf(quantitySteps),
    }));
    for (const { maker, quantitySteps } of matches)
      book.fill(maker.priority, quantitySteps, nextPriority);
    return trades;
  }

  /** Whether the house's prices now reach a resting order: cheap enough to ask on every tick. */
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

  /** The book of an instrument, empty when nothing was ever in it. */
  book(symbol: InstrumentSymbol): OrderBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const book = new OrderBook();
    this.#books.set(symbol, book);
    return book;
  }

  #match(order: OpenOrder, instrument: Instrument): MatchOutcome {
    const units = instrumentUnits(instrument);
    return matchOrder(this.book(order.symbol), this.#house.levels(instrument), {
      tradeGroupId: order.accountId,
      side: order.side,
      worstTicks: units.ticksOf(order.hold.worstPrice),
      quantitySteps: units.stepsOf(unfilledQuantity(order)),
      quoteBudget: null,
      orderType: order.terms.orderType,
      timeInForce: timeInForceOf(order.terms),
      postOnly: 'OFF',
      selfTradePrevention: 'CANCEL_TAKER',
    });
  }
}

function executionOf({ steps, residual }: MatchOutcome, instrument: Instrument): Execution {
  const units = instrumentUnits(instrument);
  return {
    trades: steps
      .filter((step) => step.kind === 'match')
      .map(({ maker, priceTicks, quantitySteps }) => ({
        makerOrderId: maker?.orderId ?? null,
        price: units.priceOf(priceTicks),
        quantity: units.quantityOf(quantitySteps),
      })),
    residual,
  };
}
