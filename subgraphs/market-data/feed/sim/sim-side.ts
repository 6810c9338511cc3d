import type { Instrument } from '#shared/domain/instrument.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Level } from '../../domain/book/level.ts';
import { integerBetween, type Random } from '../random.ts';

/** Levels per side; more than are published, so that the published levels are always complete. */
const LEVELS = 30;

/**
 * One side of a simulated book: whole steps resting at whole ticks. Moving its best price removes the
 * levels that would cross and adds new ones at the far end.
 */
export class SimSide {
  readonly #instrument: Instrument;
  readonly #random: Random;
  /** +1: prices get worse upwards (asks); -1: downwards (bids). */
  readonly #direction: 1 | -1;
  /** The most ticks between two neighboring levels. */
  readonly #spacing: number;
  /** The usual quantity of a level, in steps. */
  readonly #usualSteps: number;
  /** Price in ticks → quantity in steps, best first. */
  #levels: (readonly [ticks: number, steps: number])[] = [];

  constructor(options: {
    readonly instrument: Instrument;
    readonly random: Random;
    readonly side: 'bid' | 'ask';
    readonly spacing: number;
    readonly usualSteps: number;
  }) {
    this.#instrument = options.instrument;
    this.#random = options.random;
    this.#direction = options.side === 'ask' ? 1 : -1;
    this.#spacing = options.spacing;
    this.#usualSteps = options.usualSteps;
  }

  /** The best level. @throws Error before the first {@link moveTo} */
  best(): Level {
    return this.#level(...(this.#levels[0] as readonly [number, number]));
  }

  /** Makes this price the best one. */
  moveTo(bestTicks: number): void {
    const behind = this.#levels.filter(([ticks]) => this.#isWorse(ticks, bestTicks));
    const atBest = this.#levels.find(([ticks]) => ticks === bestTicks);
    const levels = [atBest ?? ([bestTicks, this.#steps()] as const), ...behind];
    while (levels.length < LEVELS) {
      const [last] = levels.at(-1) as readonly [number, number];
      const gap = integerBetween(this.#random, 1, this.#spacing);
      const ticks = last + this.#direction * gap;
      if (ticks <= 0) break;
      levels.push([ticks, this.#steps()]);
    }
    this.#levels = levels.slice(0, LEVELS);
  }

  /** Changes the quantity of a random level. */
  stir(): void {
    const index = integerBetween(this.#random, 0, this.#levels.length - 1);
    const [ticks] = this.#levels[index] as readonly [number, number];
    this.#levels[index] = [ticks, this.#steps()];
  }

  /** Takes part of the best level, never all of it. @returns the trade's price and quantity */
  take(): Level {
    const [ticks, steps] = this.#levels[0] as readonly [number, number];
    const taken = integerBetween(this.#random, 1, Math.max(1, Math.floor(steps / 3)));
    this.#levels[0] = [ticks, Math.max(1, steps - taken)];
    return this.#level(ticks, taken);
  }

  /** Every level, best first. */
  levels(): Level[] {
    return this.#levels.map(([ticks, steps]) => this.#level(ticks, steps));
  }

  #isWorse(ticks: number, than: number): boolean {
    return (ticks - than) * this.#direction > 0;
  }

  #steps(): number {
    return integerBetween(this.#random, 1, 2 * this.#usualSteps);
  }

  #level(ticks: number, steps: number): Level {
    const price: Price = priceOfUnits(BigInt(ticks) * this.#instrument.tickSize);
    const quantity: Quantity = quantityOfUnits(BigInt(steps) * this.#instrument.quantityStep);
    return { price, quantity };
  }
}
