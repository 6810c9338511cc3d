import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import { ExactSide } from './exact-side.ts';
import type { BookLevels, Level } from './level.ts';

/** Bids are grouped at the multiple of the step at or below their price, asks at the one at or above. */
const GROUPS = {
  bids: (price: Price, step: bigint) => priceOfUnits(price - (price % step)),
  asks: (price: Price, step: bigint) => priceOfUnits(price + ((step - (price % step)) % step)),
} as const;

/** One side of a book. */
export type SideName = keyof typeof GROUPS;

/**
 * A book grouped by one price step, so that a group is never better than what is in it. It is made once
 * and kept up with each level that changes: to read it takes no look at the whole book.
 */
export class GroupedBook {
  readonly #step: bigint;
  readonly #sides = { bids: new ExactSide('bid'), asks: new ExactSide('ask') } as const;

  /** @param levels all of the book, best first */
  constructor(step: Price, levels: BookLevels) {
    this.#step = step;
    for (const side of ['bids', 'asks'] as const)
      this.#sides[side].replace(grouped(levels[side], (price) => GROUPS[side](price, step)));
  }

  /** What rests at a price has become more, or less, by this much. */
  add(side: SideName, price: Price, difference: bigint): void {
    const group = GROUPS[side](price, this.#step);
    const groups = this.#sides[side];
    const quantity = quantityOfUnits(groups.quantityAt(group) + difference);
    groups.set({ price: group, quantity });
  }

  /** At most `depth` groups of each side, best first; each is whole. */
  top(depth: number): BookLevels {
    const { bids, asks } = this.#sides;
    return { bids: bids.top(depth), asks: asks.top(depth) };
  }
}

function grouped(levels: readonly Level[], groupOf: (price: Price) => Price): Level[] {
  const groups: { price: Price; quantity: Quantity }[] = [];
  for (const { price, quantity } of levels) {
    const group = groupOf(price);
    const last = groups.at(-1);
    if (last?.price === group) last.quantity = quantityOfUnits(last.quantity + quantity);
    else groups.push({ price: group, quantity });
  }
  return groups;
}
