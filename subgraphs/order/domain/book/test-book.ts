// Books for tests: drawn as a table, spoken to in words. Quantities and prices are steps and ticks.
import {
  type AccountId,
  type OrderId,
  parseAccountId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { type HouseLevels, takeFromHouse } from '../house-liquidity.ts';
import type { IncomingOrder } from './incoming-order.ts';
import { executeSteps, houseTakes, matchOrder } from './match-order.ts';
import type { MatchStep, Residual } from './match-outcome.ts';
import { matchRestingOrders } from './match-resting-orders.ts';
import { OrderBook } from './order-book.ts';
import type { OrderSide } from '../order.ts';
import type { BookLevel, NewRestingOrder, RestingOrder } from './resting-order.ts';

const COMMAND = /^(?:(\w+)(?: of (\w+))?: )?(BUY|SELL) (\d+)( QUOTE)? (@|MARKET) (\d+)(.*)$/;
const CELL = /^(\d+)(?:\+(\d+))? (\w+)(?: of (\w+))?$/;

/** An order's id from its short name. */
export function orderId(name: string): OrderId {
  return trusted(parseOrderId, name);
}

/** An account's id from its short name; an order without one is of an account of its own. */
export function accountId(name: string): AccountId {
  return trusted(parseAccountId, name);
}

/** An order for a book as tests know it. */
export type NamedOrder = Pick<NewRestingOrder, 'side' | 'priceTicks'> & {
  readonly name: string;
  readonly group?: string | undefined;
  readonly shownSteps: number;
  readonly hiddenSteps?: number;
};

/** An order to send; `showsSteps` makes it an iceberg once it rests. */
export type SentOrder = Omit<IncomingOrder, 'accountId' | 'placedBy'> & {
  readonly group?: string | undefined;
  readonly showsSteps: number | null;
};

/** A book and a house beside it. */
export class TestBook {
  readonly book = new OrderBook();
  house: HouseLevels;
  #lastPriority = 0;

  constructor(house: HouseLevels) {
    this.house = house;
  }

  /** The next number for an order that is accepted or shows again. */
  readonly nextPriority = (): number => (this.#lastPriority += 1);

  /** Puts an order in, behind all others of its price. */
  add({ name, group = name, hiddenSteps = 0, ...order }: NamedOrder): void {
    const priority = this.nextPriority();
    this.book.add({
      ...order,
      priority,
      orderId: orderId(name),
      accountId: accountId(group),
      placedBy: null,
      hiddenSteps,
      displaySteps: hiddenSteps === 0 ? null : order.shownSteps,
    });
  }

  /** The order of this name, while it rests; the book itself knows orders by priority. */
  resting(name: string): RestingOrder | undefined {
    return restingOrders(this.book).find((order) => order.orderId === name);
  }

  /** Takes an order out, if it rests. @returns whether it did */
  cancel(name: string): boolean {
    const order = this.resting(name);
    return order !== undefined && this.book.remove(order.priority);
  }

  /** Takes quantity off an order that rests. */
  reduce(name: string, steps: number): void {
    const order = this.resting(name);
    invariant(order !== undefined, `${name} does not rest`);
    this.book.reduce(order.priority, steps);
  }

  /**
   * Sends an order and does what follows: `new: BUY 4 @ 100`, `SELL 4 @ 99 IOC`, `FOK`, `REJECT` or
   * `REPRICE` for post-only, `SHOWS 2`, a self-trade prevention mode (`new of ann: SELL 4 @ 99
   * CANCEL_MAKER`), `BUY 4 MARKET 105`, whose price is its end of the collar, or `BUY 400 QUOTE
   * MARKET 105`, in ticks × steps. The name is `new` if omitted.
   * @returns `b 3 @ 100` for each match, `b -3 @ 100 MODE -0` for each prevention, and `rests 1 @ 99`
   *   or `expires 1 REASON` for what is left
   */
  match(command: string): string[] {
    const parts = COMMAND.exec(command) ?? [];
    const [, name = 'new', group, side, quantity, quote, kind, price, words = ''] = parts;
    invariant(side === 'BUY' || side === 'SELL', `not a command: ${command}`);
    const budget = quote === undefined ? null : BigInt(quantity ?? 0);
    return this.send(name, {
      side,
      group,
      worstTicks: Number(price),
      quantitySteps: budget === null ? Number(quantity) : Number(budget / BigInt(price ?? 1)),
      quoteBudget: budget,
      orderType: kind === 'MARKET' ? 'MARKET' : 'LIMIT',
      ...termsOf(words, kind === 'MARKET'),
    });
  }

  /** As {@link TestBook.match}, for generated orders. */
  send(name: string, { showsSteps, group = name, ...sent }: SentOrder): string[] {
    const incoming = { ...sent, accountId: accountId(group), placedBy: null };
    const { steps, residual } = matchOrder(this.book, this.house, incoming);
    const lines = steps.map(stepLine);
    executeSteps(this.book, steps, this.nextPriority);
    this.house = takeFromHouse(this.house, houseTakes(incoming.side, steps));
    if (residual.kind === 'rests') {
      const { priceTicks, quantitySteps } = residual;
      const shownSteps = Math.min(showsSteps ?? quantitySteps, quantitySteps);
      const hiddenSteps = quantitySteps - shownSteps;
      this.add({ name, group, side: incoming.side, priceTicks, shownSteps, hiddenSteps });
    }
    return [...lines, ...residualLines(residual)];
  }

  /** The house quotes again, and what it reaches of the book trades. @returns as `match` */
  quote(house: HouseLevels): string[] {
    const { matches, takes } = matchRestingOrders(this.book, house);
    const lines = matches.map((match) => stepLine({ kind: 'match', ...match }));
    for (const { maker, quantitySteps } of matches)
      this.book.fill(maker, quantitySteps, this.nextPriority);
    this.house = takeFromHouse(house, takes);
    return lines;
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

/** What the words behind a command ask for. */
function termsOf(words: string, isMarket: boolean) {
  const oneOf = <const Word extends string>(all: readonly Word[], otherwise: Word): Word =>
    all.find((word) => words.includes(` ${word}`)) ?? otherwise;
  const shows = /SHOWS (\d+)/.exec(words);
  return {
    timeInForce: oneOf(['FOK', 'IOC'], isMarket ? 'IOC' : 'GTC'),
    postOnly: oneOf(['REJECT', 'REPRICE'], 'OFF'),
    selfTradePrevention: oneOf(['CANCEL_MAKER', 'CANCEL_BOTH', 'DECREMENT'], 'CANCEL_TAKER'),
    showsSteps: shows === null ? null : Number(shows[1]),
  } satisfies Partial<SentOrder>;
}

function stepLine(step: MatchStep): string {
  const who = step.maker?.orderId ?? 'house';
  return step.kind === 'match'
    ? `${who} ${step.quantitySteps} @ ${step.priceTicks}`
    : `${who} -${step.makerSteps} @ ${step.priceTicks} ${step.mode} -${step.takerSteps}`;
}

function residualLines(residual: Residual): string[] {
  switch (residual.kind) {
    case 'none':
      return [];
    case 'rests':
      return [`rests ${residual.quantitySteps} @ ${residual.priceTicks}`];
    case 'expires':
      return [`expires ${residual.quantitySteps} ${residual.expireReason}`];
    case 'goesOn':
      return [`goes on ${residual.quantitySteps}`];
    case 'prevented':
    case 'rejected':
      return [residual.kind];
  }
}

/** All orders of a book: bids before asks, the best price first, the oldest first. */
export function restingOrders(book: OrderBook): RestingOrder[] {
  const orders: RestingOrder[] = [];
  for (const side of ['BUY', 'SELL'] as const)
    for (let level = book.best(side); level !== null; level = level.worse)
      for (let order: RestingOrder | null = level.oldest; order !== null; order = order.younger)
        orders.push(order);
  return orders;
}

/** The orders of a level as `3 b`, or `3+6 b` for one that hides 6, oldest first. */
export function ordersOf(level: BookLevel): string[] {
  const orders: string[] = [];
  for (let order: RestingOrder | null = level.oldest; order !== null; order = order.younger) {
    const hidden = order.hiddenSteps === 0 ? '' : `+${order.hiddenSteps}`;
    const group = order.accountId === (order.orderId as string) ? '' : ` of ${order.accountId}`;
    orders.push(`${order.shownSteps}${hidden} ${order.orderId}${group}`);
  }
  return orders;
}

/**
 * A book as a drawing says: a head line, then one line a price, asks above bids, best in the middle;
 * in a cell the older order comes first, `3+6 b` is an iceberg, `3 b of ann` names an account, and
 * `house` is what the house quotes.
 */
export function drawBook(drawing: string): TestBook {
  const rows = rowsOf(drawing);
  const levels = rows.flatMap(([bids = '', price = '', asks = '']) => [
    ...entriesOf('BUY', price, bids),
    ...entriesOf('SELL', price, asks),
  ]);
  const house = levels
    .filter(({ name }) => name === 'house')
    .map(({ side, priceTicks, shownSteps }) => ({ side, priceTicks, leavesSteps: shownSteps }));
  const bids = house.filter(({ side }) => side === 'BUY');
  const asks = house.filter(({ side }) => side === 'SELL');
  const book = new TestBook({ BUY: bids, SELL: asks.reverse() });
  for (const order of levels) if (order.name !== 'house') book.add(order);
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

function entriesOf(side: OrderSide, price: string, cell: string): NamedOrder[] {
  if (cell === '') return [];
  return cell.split(', ').map((entry) => {
    const [, shown, hidden = '0', name, group] = CELL.exec(entry) ?? [];
    invariant(name !== undefined, `not an order: ${entry}`);
    const [shownSteps, hiddenSteps] = [Number(shown), Number(hidden)];
    return { side, name, group, priceTicks: Number(price), shownSteps, hiddenSteps };
  });
}
