import { assertNever } from '#shared/domain/invariant.ts';
import type { HouseLevel } from '../house-liquidity.ts';
import type { IncomingOrder } from './incoming-order.ts';
import { stepsWorth } from '../instrument-units.ts';
import type { MatchLimit } from './match-limit.ts';
import type { MatchStep } from './match-outcome.ts';
import type { SelfTradePreventionMode } from '../order-instructions.ts';
import { leavesOf, type RestingOrder } from './resting-order.ts';
import type { LevelVisitor } from './walk-level.ts';

/** An incoming order on its way through the book: what it has done, and what is left of it. */
export class Taker implements LevelVisitor {
  readonly steps: MatchStep[] = [];
  readonly #order: IncomingOrder;
  #budget: bigint | null;
  #priceTicks = 0;
  #leaves: number;
  #matched = 0;
  #isPrevented = false;
  readonly #limit: MatchLimit;
  #room: number;

  /** @param limit which orders and levels of the house it can meet */
  constructor(order: IncomingOrder, limit: MatchLimit) {
    this.#limit = limit;
    this.#room = limit.room;
    this.#order = order;
    this.#leaves = order.quantitySteps;
    this.#budget = order.quoteBudget;
  }

  /** What it would still take at its place. */
  get leaves(): number {
    return this.#leaves;
  }

  /** What it has traded. */
  get matched(): number {
    return this.#matched;
  }

  /** Whether self-trade prevention ended it. */
  get isPrevented(): boolean {
    return this.#isPrevented;
  }

  get isDone(): boolean {
    return this.#leaves === 0 || this.#isPrevented;
  }

  get isFull(): boolean {
    return this.#room <= 0;
  }

  /** Comes to a price; at each one a budget is worth another quantity. */
  enter(priceTicks: number): void {
    this.#priceTicks = priceTicks;
    if (this.#budget !== null) this.#leaves = stepsWorth(this.#budget, priceTicks);
  }

  meet(maker: RestingOrder, shownSteps: number, isAgain: boolean): number | 'skipped' {
    if (isAgain && this.#limit.isShownOnly) return 'skipped';
    if (!isAgain) this.#room -= this.#limit.costOf(maker.orderId);
    const mode = this.#preventionWith(maker);
    if (mode !== null) {
      this.#prevent(maker, mode);
      return 'skipped';
    }
    return this.#match(maker, shownSteps);
  }

  /**
   * Takes from the house, at the price that it has come to.
   * @returns whether it came as far as it wants
   */
  meetHouse({ leavesSteps }: HouseLevel): boolean {
    if (this.isDone) return true;
    if (this.isFull) return false;
    this.#room -= this.#limit.costOf(null);
    this.#match(null, leavesSteps);
    return true;
  }

  #match(maker: RestingOrder | null, offeredSteps: number): number {
    const quantitySteps = Math.min(this.#leaves, offeredSteps);
    this.steps.push({ kind: 'match', maker, priceTicks: this.#priceTicks, quantitySteps });
    this.#matched += quantitySteps;
    this.#lose(quantitySteps);
    return quantitySteps;
  }

  /**
   * How it is kept from trading with an order; null if they can trade. Between two accounts of a
   * user the incoming order gives way, whatever its mode: a credential for one account must not
   * take orders off another.
   */
  #preventionWith({ accountId, placedBy }: RestingOrder): SelfTradePreventionMode | null {
    const order = this.#order;
    if (accountId === order.accountId) return order.selfTradePrevention;
    return placedBy !== null && placedBy === order.placedBy ? 'CANCEL_TAKER' : null;
  }

  #prevent(maker: RestingOrder, mode: SelfTradePreventionMode): void {
    const [takerSteps, makerSteps] = this.#lostBy(mode, leavesOf(maker));
    const priceTicks = this.#priceTicks;
    this.steps.push({ kind: 'prevention', maker, mode, priceTicks, takerSteps, makerSteps });
    this.#lose(takerSteps);
    if (takerSteps > 0) this.#isPrevented = this.#leaves === 0;
  }

  /** What the modes take from the taker and from a maker that has this much. */
  #lostBy(mode: SelfTradePreventionMode, makerLeaves: number): [number, number] {
    switch (mode) {
      case 'CANCEL_TAKER':
        return [this.#leaves, 0];
      case 'CANCEL_MAKER':
        return [0, makerLeaves];
      case 'CANCEL_BOTH':
        return [this.#leaves, makerLeaves];
      case 'DECREMENT': {
        const smaller = Math.min(this.#leaves, makerLeaves);
        return [smaller, smaller];
      }
      default:
        return assertNever(mode, 'Taker');
    }
  }

  #lose(steps: number): void {
    this.#leaves -= steps;
    if (this.#budget !== null) this.#budget -= BigInt(this.#priceTicks) * BigInt(steps);
  }
}
