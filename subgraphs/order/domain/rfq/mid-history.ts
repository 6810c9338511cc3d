import { ageOf } from '#shared/domain/age.ts';
import { divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Price } from '#shared/domain/price.ts';

/** The period over which a market's range is measured, in milliseconds. */
const VOLATILITY_WINDOW_MS = 10_000;
/** The period is divided into slots; the highest and the lowest middle of each are kept. */
const SLOT_MS = 100;

interface Slot {
  readonly startsAt: number;
  lowest: Price;
  highest: Price;
}

/** The middles of a market over the last ten seconds, from which its range is measured. */
export class MidHistory {
  #slots: Slot[] = [];

  /** Records a middle, and forgets those that are too old. */
  add(mid: Price, atMs: number): void {
    const last = this.#slots.at(-1);
    const isCurrent = last !== undefined && atMs < last.startsAt + SLOT_MS;
    if (isCurrent && isRecent(last, atMs)) {
      if (mid < last.lowest) last.lowest = mid;
      if (mid > last.highest) last.highest = mid;
      return;
    }
    this.#slots = this.#slots.filter((slot) => isRecent(slot, atMs));
    this.#slots.push({ startsAt: atMs, lowest: mid, highest: mid });
  }

  /**
   * Highest over lowest, in basis points as a count of 10^-18, rounded up to a whole one; 0 without a middle. The oldest
   * middles leave it one by one: with every digit, prices would change all the time while the market stands still.
   */
  rangeBps(nowMs: number): bigint {
    let lowest: Price | null = null;
    let highest: Price | null = null;
    for (const slot of this.#slots) {
      if (slot.startsAt <= nowMs - VOLATILITY_WINDOW_MS) continue;
      if (lowest === null || slot.lowest < lowest) lowest = slot.lowest;
      if (highest === null || slot.highest > highest) highest = slot.highest;
    }
    if (lowest === null || highest === null || lowest === 0n) return 0n;
    return divideUp((highest - lowest) * 10_000n, lowest) * ONE;
  }
}

function isRecent({ startsAt }: Slot, atMs: number): boolean {
  return ageOf(startsAt, atMs) < VOLATILITY_WINDOW_MS;
}
