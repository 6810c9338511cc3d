import type { Instrument } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type {
  Execution,
  ExecutionVenue,
  HeldOrder,
  HouseTrade,
} from '../domain/execution-venue.ts';
import { instrumentUnits } from '../domain/instrument-units.ts';
import { executeMatches, houseTakes, matchOrder, oppositeOf } from '../domain/match-order.ts';
import { executeRestingMatches, matchRestingOrders } from '../domain/match-resting-orders.ts';
import { OrderBook } from '../domain/order-book.ts';
import { type OpenOrder, type Order, timeInForceOf, unfilledQuantity } from '../domain/order.ts';
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
        side: order.side,
        priceTicks: units.ticksOf(order.hold.worstPrice),
        leavesSteps: units.stepsOf(unfilledQuantity(order)),
      });
    }
  }

  execute(order: HeldOrder, instrument: Instrument): Execution {
    const units = instrumentUnits(instrument);
    const book = this.book(order.symbol);
    const incoming = {
      side: order.side,
      worstTicks: units.ticksOf(order.hold.worstPrice),
      quantitySteps: units.stepsOf(unfilledQuantity(order)),
      orderType: order.terms.orderType,
      timeInForce: timeInForceOf(order.terms),
    };
    const { matches, residual } = matchOrder(book, this.#house.levels(instrument), incoming);
    executeMatches(book, matches);
    this.#house.take(instrument, houseTakes(order.side, matches));
    if (residual.kind === 'rests')
      book.add({
        orderId: order.id,
        side: order.side,
        priceTicks: incoming.worstTicks,
        leavesSteps: residual.quantitySteps,
      });
    return {
      trades: matches.map(({ maker, priceTicks, quantitySteps }) => ({
        makerOrderId: maker.kind === 'house' ? null : maker.orderId,
        price: units.priceOf(priceTicks),
        quantity: units.quantityOf(quantitySteps),
      })),
      residual,
    };
  }

  remove(order: Order): void {
    this.book(order.symbol).remove(order.id);
  }

  matchAfterMarketMove(instrument: Instrument): readonly HouseTrade[] {
    const units = instrumentUnits(instrument);
    const book = this.book(instrument.symbol);
    const { matches, takes } = matchRestingOrders(book, this.#house.levels(instrument));
    executeRestingMatches(book, matches);
    this.#house.take(instrument, takes);
    return matches.map(({ orderId, priceTicks, quantitySteps }) => ({
      orderId,
      price: units.priceOf(priceTicks),
      quantity: units.quantityOf(quantitySteps),
    }));
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
}
