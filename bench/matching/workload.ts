/** Prices are ticks and quantities are steps; ids rise with every order that is added. */
export type Command =
  | {
      readonly kind: 'ADD';
      readonly id: number;
      readonly side: 'BUY' | 'SELL';
      readonly priceTicks: number;
      readonly quantitySteps: number;
    }
  | { readonly kind: 'CANCEL'; readonly id: number; readonly side: 'BUY' | 'SELL' }
  | { readonly kind: 'TAKE'; readonly side: 'BUY' | 'SELL'; readonly quantitySteps: number };

/** How much there is to do. */
export interface WorkloadSize {
  readonly seed: number;
  /** Orders that rest when the mix begins, and about this many until it ends. */
  readonly resting: number;
  readonly commands: number;
}

/** What every engine is given. */
export interface Workload {
  /** Fills the book. */
  readonly fill: readonly Command[];
  /** Adds, cancels and takes in turn, about as many orders coming as going. */
  readonly mix: readonly Command[];
  /** What the takes of the mix trade, in steps: an engine that trades anything else is wrong. */
  readonly traded: number;
}

const MIDDLE_TICKS = 1_000_000;
const QUANTITY_MAX = 100;
/** Of ten commands that are no adds: this many take, the others cancel. */
const TAKES_OF_TEN = 3;

/**
 * The same commands for every engine, from a seed. Orders come at random within √resting ticks of the
 * middle and never cross it; cancels hit any order that rests; takes eat from the best price, as a
 * MARKET order of up to two orders' size does.
 */
export function makeWorkload({ seed, resting, commands }: WorkloadSize): Workload {
  const random = randomNumbers(seed);
  const market = new Market(random, Math.ceil(Math.sqrt(resting)));
  const fill = Array.from({ length: resting }, () => market.add());
  const mix = Array.from({ length: commands }, (): Command => {
    if (market.restingCount < resting) return market.add();
    return random(10) < TAKES_OF_TEN ? market.take() : market.cancel();
  });
  return { fill, mix, traded: market.traded };
}

interface Resting {
  readonly id: number;
  readonly side: 'BUY' | 'SELL';
  leaves: number;
  /** Where it is in the list of all that rest; -1 once it is gone. */
  place: number;
}

interface Side {
  /** By distance from the middle; each level oldest first, those that are gone among them. */
  readonly levels: Resting[][];
  /** How many of each level are known to be gone. */
  readonly heads: number[];
}

/** A book that is only right and simple: it says what rests, so that cancels and takes can hit it. */
class Market {
  readonly #random: (below: number) => number;
  readonly #sides: Readonly<Record<'BUY' | 'SELL', Side>>;
  readonly #resting: Resting[] = [];
  readonly #depth: number;
  #lastId = 0;
  traded = 0;

  constructor(random: (below: number) => number, depth: number) {
    this.#random = random;
    this.#depth = depth;
    const side = (): Side => ({
      levels: Array.from({ length: depth }, () => []),
      heads: new Array<number>(depth).fill(0),
    });
    this.#sides = { BUY: side(), SELL: side() };
  }

  get restingCount(): number {
    return this.#resting.length;
  }

  add(): Command {
    const side = this.#random(2) === 0 ? 'BUY' : 'SELL';
    const distance = this.#random(this.#depth);
    const quantitySteps = 1 + this.#random(QUANTITY_MAX);
    const id = (this.#lastId += 1);
    const order = { id, side, leaves: quantitySteps, place: this.#resting.length } as const;
    this.#resting.push(order);
    this.#sides[side].levels[distance]?.push(order);
    const priceTicks = MIDDLE_TICKS + (side === 'BUY' ? -1 - distance : 1 + distance);
    return { kind: 'ADD', id, side, priceTicks, quantitySteps };
  }

  cancel(): Command {
    const order = this.#resting[this.#random(this.#resting.length)];
    if (order === undefined) return this.add();
    this.#remove(order);
    return { kind: 'CANCEL', id: order.id, side: order.side };
  }

  take(): Command {
    const side = this.#random(2) === 0 ? 'BUY' : 'SELL';
    const quantitySteps = 1 + this.#random(2 * QUANTITY_MAX);
    let leaves = quantitySteps;
    for (const order of this.#fromBest(side === 'BUY' ? 'SELL' : 'BUY')) {
      const steps = Math.min(leaves, order.leaves);
      order.leaves -= steps;
      leaves -= steps;
      this.traded += steps;
      if (order.leaves === 0) this.#remove(order);
      if (leaves === 0) break;
    }
    return { kind: 'TAKE', side, quantitySteps };
  }

  *#fromBest(side: 'BUY' | 'SELL'): Generator<Resting> {
    const { levels, heads } = this.#sides[side];
    for (const [distance, level] of levels.entries())
      for (let head = heads[distance] ?? 0; head < level.length; head += 1) {
        heads[distance] = head;
        const order = level[head];
        if (order !== undefined && order.place >= 0) yield order;
      }
  }

  #remove(order: Resting): void {
    const last = this.#resting.pop();
    if (last !== undefined && last !== order) {
      this.#resting[order.place] = last;
      last.place = order.place;
    }
    order.place = -1;
  }
}

/** Marsaglia's xorshift: the same numbers for the same seed, each from 0 to below the bound. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
