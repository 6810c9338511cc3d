// Books for tests: drawn as a table, spoken to in words. Quantities and prices are steps and ticks.
import { type OrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type HouseLevels, takeFromHouse } from './house-liquidity.ts';
import { executeMatches, houseTakes, type IncomingOrder, matchOrder } from './match-order.ts';
import { executeRestingMatches, matchRestingOrders } from './match-resting-orders.ts';
import { type BookLevel, OrderBook } from './order-book.ts';
import type { OrderSide } from './order.ts';

const COMMAND = /^(?:(\w+): )?(BUY|SELL) (\d+) (@|MARKET) (\d+)( IOC)?$/;
const CELL = /^(\d+) (\w+)$/;

/** An order's id from its short name. */
export function orderId(name: string): OrderId {
  return trusted(parseOrderId, name);
}

/** A book and a house beside it. */
export class TestBook {
  readonly book = new OrderBook();
  house: HouseLevels;

  constructor(house: HouseLevels) {
    this.house = house;
  }

  /**
   * Sends an order and does what follows: `new: BUY 4 @ 100`, `SELL 4 @ 99 IOC`, or
   * `BUY 4 MARKET 105`, whose price is its end of the collar. The name is `new` when left out.
   * @returns `b 3 @ 100` for each match and `rests 1` or `expires 1 REASON` for what is left
   */
  match(command: string): string[] {
    const [, name = 'new', side, quantity, kind, price, ioc] = COMMAND.exec(command) ?? [];
    invariant(side === 'BUY' || side === 'SELL', `not a command: ${command}`);
    return this.send(name, {
      side,
      worstTicks: Number(price),
      quantitySteps: Number(quantity),
      orderType: kind === '@' ? 'LIMIT' : 'MARKET',
      timeInForce: kind === '@' && ioc === undefined ? 'GTC' : 'IOC',
    });
  }

  /** As {@link TestBook.match}, for generated orders. */
  send(name: string, incoming: IncomingOrder): string[] {
    const { matches, residual } = matchOrder(this.book, this.house, incoming);
    executeMatches(this.book, matches);
    this.house = takeFromHouse(this.house, houseTakes(incoming.side, matches));
    const lines = matches.map(({ maker, quantitySteps, priceTicks }) => {
      const who = maker.kind === 'house' ? 'house' : maker.orderId;
      return `${who} ${quantitySteps} @ ${priceTicks}`;
    });
    if (residual.kind === 'none') return lines;
    const left = `${residual.kind} ${residual.quantitySteps}`;
    if (residual.kind === 'expires') return [...lines, `${left} ${residual.expireReason}`];
    const { side, worstTicks: priceTicks } = incoming;
    const leavesSteps = residual.quantitySteps;
    this.book.add({ orderId: orderId(name), side, priceTicks, leavesSteps });
    return [...lines, left];
  }

  /** The house quotes anew, and what it reaches of the book trades. @returns as `match` */
  quote(house: HouseLevels): string[] {
    const { matches, takes } = matchRestingOrders(this.book, house);
    executeRestingMatches(this.book, matches);
    this.house = takeFromHouse(house, takes);
    return matches.map((match) => `${match.orderId} ${match.quantitySteps} @ ${match.priceTicks}`);
  }

  /** The book as a table, asks above bids, the house last in its level. */
  drawn(): string {
    const cells = (side: OrderSide): Map<number, string> => this.#cells(side);
    const [bids, asks] = [cells('BUY'), cells('SELL')];
    const prices = [...new Set([...bids.keys(), ...asks.keys()])].sort((a, b) => b - a);
    return prices
      .map((price) => `| ${bids.get(price) ?? ''} | ${price} | ${asks.get(price) ?? ''} |`)
      .join('\n')
      .replaceAll('  ', ' ');
  }

  #cells(side: OrderSide): Map<number, string> {
    const cells = new Map<number, string[]>();
    for (let level = this.book.best(side); level !== null; level = level.worse) {
      cells.set(level.priceTicks, ordersOf(level));
    }
    for (const { priceTicks, leavesSteps } of this.house[side]) {
      cells.set(priceTicks, [...(cells.get(priceTicks) ?? []), `${leavesSteps} house`]);
    }
    return new Map([...cells].map(([price, orders]) => [price, orders.join(', ')]));
  }
}

/** The orders of a level as `3 b`, oldest first. */
export function ordersOf(level: BookLevel): string[] {
  const orders: string[] = [];
  for (
    let order: BookLevel['oldest'] | null = level.oldest;
    order !== null;
    order = order.younger
  ) {
    orders.push(`${order.leavesSteps} ${order.orderId}`);
  }
  return orders;
}

/**
 * A book as a drawing says: a head line, then one line a price, asks above bids, best in the middle;
 * in a cell the older order comes first, and `house` is what the house quotes.
 */
export function drawBook(drawing: string): TestBook {
  const rows = rowsOf(drawing);
  const levels = rows.flatMap(([bids = '', price = '', asks = '']) => [
    ...entriesOf('BUY', price, bids),
    ...entriesOf('SELL', price, asks),
  ]);
  const house = levels.filter(({ name }) => name === 'house');
  const bids = house.filter(({ side }) => side === 'BUY');
  const asks = house.filter(({ side }) => side === 'SELL');
  const book = new TestBook({ BUY: bids, SELL: asks.reverse() });
  for (const { name, ...order } of levels) {
    if (name !== 'house') book.book.add({ orderId: orderId(name), ...order });
  }
  return book;
}

/** A drawing with its spaces and its head line taken away, to compare with `drawn()`. */
export function drawing(text: string): string {
  return rowsOf(text)
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll('  ', ' '))
    .join('\n');
}

function rowsOf(text: string): string[][] {
  const lines = text.trim().split('\n').slice(1);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function entriesOf(side: OrderSide, price: string, cell: string) {
  if (cell === '') return [];
  return cell.split(', ').map((entry) => {
    const [, quantity, name] = CELL.exec(entry) ?? [];
    invariant(name !== undefined, `not an order: ${entry}`);
    return { side, name, priceTicks: Number(price), leavesSteps: Number(quantity) };
  });
}
