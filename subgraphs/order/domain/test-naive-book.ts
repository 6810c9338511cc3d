// The same book without any cleverness, for tests to measure the real one against.
import { type HouseLevels, NO_HOUSE_LEVELS, takeFromHouse } from './house-liquidity.ts';
import { type IncomingOrder, oppositeOf } from './match-order.ts';
import type { OrderSide } from './order.ts';

interface NaiveOrder {
  readonly name: string;
  readonly side: OrderSide;
  readonly priceTicks: number;
  leaves: number;
}

/** One list in the order of arrival, sorted anew for every question. */
export class NaiveBook {
  #orders: NaiveOrder[] = [];
  #house: HouseLevels = NO_HOUSE_LEVELS;

  /** @returns the matches as `TestBook.send` tells them, without what is left */
  send(name: string, { side, worstTicks, quantitySteps, timeInForce }: IncomingOrder): string[] {
    const lines: string[] = [];
    let leaves = quantitySteps;
    for (const maker of this.#makers(oppositeOf(side))) {
      const isWithin = side === 'BUY' ? maker.price <= worstTicks : maker.price >= worstTicks;
      if (leaves === 0 || !isWithin) break;
      const steps = Math.min(leaves, maker.steps);
      lines.push(`${maker.name} ${steps} @ ${maker.price}`);
      leaves -= steps;
      maker.take(steps);
    }
    if (leaves > 0 && timeInForce === 'GTC') {
      this.#orders.push({ name, side, priceTicks: worstTicks, leaves });
    }
    return lines;
  }

  cancel(name: string): void {
    this.#orders = this.#orders.filter((order) => order.name !== name);
  }

  /** @returns the matches as `TestBook.quote` tells them */
  quote(house: HouseLevels): string[] {
    this.#house = house;
    return (['BUY', 'SELL'] as const).flatMap((side) =>
      this.#sorted(side).flatMap((order) => {
        const taken = this.#houseTakes(order);
        return taken === 0 ? [] : [`${order.name} ${taken} @ ${order.priceTicks}`];
      }),
    );
  }

  /** One step at a time. */
  #houseTakes(order: NaiveOrder): number {
    const side = oppositeOf(order.side);
    let taken = 0;
    for (;;) {
      const [offer] = this.#house[side];
      if (offer === undefined || order.leaves === 0) break;
      const distance = order.priceTicks - offer.priceTicks;
      if (order.side === 'BUY' ? distance < 0 : distance > 0) break;
      this.#house = takeFromHouse(this.#house, [{ ...offer, side, quantitySteps: 1 }]);
      order.leaves -= 1;
      taken += 1;
    }
    if (order.leaves === 0) this.cancel(order.name);
    return taken;
  }

  /** Best first; those of one price in the order of arrival, for sorting is stable. */
  #sorted(side: OrderSide): NaiveOrder[] {
    const sign = side === 'SELL' ? 1 : -1;
    return this.#orders
      .filter((order) => order.side === side)
      .toSorted((left, right) => (left.priceTicks - right.priceTicks) * sign);
  }

  #makers(side: OrderSide) {
    const orders = this.#sorted(side).map((order) => ({
      name: order.name,
      price: order.priceTicks,
      steps: order.leaves,
      take: (steps: number) => {
        order.leaves -= steps;
        if (order.leaves === 0) this.cancel(order.name);
      },
    }));
    const house = this.#house[side].map((level) => ({
      name: 'house',
      price: level.priceTicks,
      steps: level.leavesSteps,
      take: (quantitySteps: number) => {
        this.#house = takeFromHouse(this.#house, [{ ...level, side, quantitySteps }]);
      },
    }));
    const sign = side === 'SELL' ? 1 : -1;
    return [...orders, ...house].toSorted((left, right) => (left.price - right.price) * sign);
  }
}
