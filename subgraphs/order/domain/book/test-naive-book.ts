// The same book without any cleverness, for tests to measure the real one against: a list in the order
// of arrival, sorted again for every step.
import { type HouseLevels, NO_HOUSE_LEVELS, takeFromHouse } from '../house-liquidity.ts';
import { mayRest } from './incoming-order.ts';
import { oppositeOf, type OrderSide } from '../order.ts';
import type { SentOrder } from './test-book.ts';

interface NaiveOrder {
  readonly name: string;
  readonly group: string;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly display: number;
  shown: number;
  hidden: number;
}

/** What one command says and does, as `TestBook` tells it. */
export class NaiveBook {
  #orders: NaiveOrder[] = [];
  #house: HouseLevels = NO_HOUSE_LEVELS;

  send(name: string, sent: SentOrder): string[] {
    const { side, worstTicks, quantitySteps, timeInForce, postOnly } = sent;
    const within = (price: number) => (side === 'BUY' ? price <= worstTicks : price >= worstTicks);
    const best = this.#best(oppositeOf(side));
    if (postOnly !== 'OFF') {
      if (best === null || !within(best)) return this.#rest(name, sent, worstTicks, quantitySteps);
      const price = best + (side === 'BUY' ? -1 : 1);
      return postOnly === 'REJECT' || price === 0
        ? ['rejected']
        : this.#rest(name, sent, price, quantitySteps);
    }
    const before = { orders: this.#orders.map((order) => ({ ...order })), house: this.#house };
    const { lines, leaves, isPrevented } = this.#take(name, sent, within);
    if (timeInForce === 'FOK' && (leaves > 0 || lines.some((line) => /-[1-9]\d*$/.test(line)))) {
      [this.#orders, this.#house] = [before.orders, before.house];
      return [`expires ${quantitySteps} UNFILLED_FOK_ORDER`];
    }
    if (isPrevented) return [...lines, 'prevented'];
    if (leaves === 0) return lines;
    if (mayRest(timeInForce)) return [...lines, ...this.#rest(name, sent, worstTicks, leaves)];
    return [
      ...lines,
      `expires ${leaves} ${this.#reason(
        sent,
        lines.some((line) => !line.includes('-')),
      )}`,
    ];
  }

  cancel(name: string): void {
    this.#orders = this.#orders.filter((order) => order.name !== name);
  }

  /** One step at a time. */
  quote(house: HouseLevels): string[] {
    this.#house = house;
    const lines: string[] = [];
    for (const side of ['BUY', 'SELL'] as const) {
      for (let order = this.#sorted(side)[0]; order !== undefined; order = this.#sorted(side)[0]) {
        const line = this.#giveToHouse(order);
        if (line === null) break;
        lines.push(line);
      }
    }
    return lines;
  }

  #take(name: string, sent: SentOrder, within: (price: number) => boolean) {
    const { side, group = name, selfTradePrevention: mode } = sent;
    const lines: string[] = [];
    let leaves = sent.quantitySteps;
    for (;;) {
      const [order] = this.#sorted(oppositeOf(side));
      const price = this.#best(oppositeOf(side));
      if (leaves === 0 || price === null || !within(price))
        return { lines, leaves, isPrevented: false };
      if (order?.priceTicks !== price) {
        leaves -= this.#takeHouse(oppositeOf(side), leaves, lines);
        continue;
      }
      if (order.group !== group) {
        const steps = Math.min(leaves, order.shown);
        lines.push(`${order.name} ${steps} @ ${price}`);
        leaves -= steps;
        this.#fill(order, steps);
        continue;
      }
      const has = order.shown + order.hidden;
      const smaller = Math.min(leaves, has);
      const lost = {
        CANCEL_TAKER: [leaves, 0],
        CANCEL_MAKER: [0, has],
        CANCEL_BOTH: [leaves, has],
        DECREMENT: [smaller, smaller],
      }[mode];
      const [taker = 0, maker = 0] = lost;
      lines.push(`${order.name} -${maker} @ ${price} ${mode} -${taker}`);
      leaves -= taker;
      const fromHidden = Math.min(maker, order.hidden);
      order.hidden -= fromHidden;
      order.shown -= maker - fromHidden;
      if (order.shown === 0) this.cancel(order.name);
      if (taker > 0 && leaves === 0) return { lines, leaves, isPrevented: true };
    }
  }

  #takeHouse(side: OrderSide, leaves: number, lines: string[]): number {
    const [offer] = this.#house[side];
    if (offer === undefined) return 0;
    const quantitySteps = Math.min(leaves, offer.leavesSteps);
    lines.push(`house ${quantitySteps} @ ${offer.priceTicks}`);
    this.#house = takeFromHouse(this.#house, [{ ...offer, side, quantitySteps }]);
    return quantitySteps;
  }

  #giveToHouse(order: NaiveOrder): string | null {
    const side = oppositeOf(order.side);
    const shown = order.shown;
    let taken = 0;
    for (let offer = this.#house[side][0]; taken < shown; offer = this.#house[side][0]) {
      if (offer === undefined) break;
      const distance = order.priceTicks - offer.priceTicks;
      if (order.side === 'BUY' ? distance < 0 : distance > 0) break;
      this.#house = takeFromHouse(this.#house, [{ ...offer, side, quantitySteps: 1 }]);
      taken += 1;
    }
    if (taken === 0) return null;
    this.#fill(order, taken);
    return `${order.name} ${taken} @ ${order.priceTicks}`;
  }

  #fill(order: NaiveOrder, steps: number): void {
    order.shown -= steps;
    if (order.shown > 0) return;
    this.cancel(order.name);
    if (order.hidden === 0) return;
    order.shown = Math.min(order.display, order.hidden);
    order.hidden -= order.shown;
    this.#orders.push(order);
  }

  #rest(name: string, sent: SentOrder, priceTicks: number, leaves: number): string[] {
    const { side, group = name, showsSteps } = sent;
    const shown = Math.min(showsSteps ?? leaves, leaves);
    const hidden = leaves - shown;
    this.#orders.push({ name, group, side, priceTicks, display: shown, shown, hidden });
    return [`rests ${leaves} @ ${priceTicks}`];
  }

  #reason({ orderType, side }: SentOrder, hasMatched: boolean): string {
    if (orderType === 'LIMIT') return 'UNFILLED_IOC_QUANTITY';
    if (this.#best(oppositeOf(side)) !== null) return 'PRICE_RANGE_EXCEEDED';
    return hasMatched ? 'UNFILLED_IOC_QUANTITY' : 'INSUFFICIENT_LIQUIDITY';
  }

  #best(side: OrderSide): number | null {
    const prices = [this.#sorted(side)[0], this.#house[side][0]].flatMap((one) =>
      one === undefined ? [] : [one.priceTicks],
    );
    if (prices.length === 0) return null;
    return side === 'SELL' ? Math.min(...prices) : Math.max(...prices);
  }

  /** Best first; those of one price in the order of arrival, for sorting is stable. */
  #sorted(side: OrderSide): NaiveOrder[] {
    const sign = side === 'SELL' ? 1 : -1;
    return this.#orders
      .filter((order) => order.side === side)
      .toSorted((left, right) => (left.priceTicks - right.priceTicks) * sign);
  }
}
