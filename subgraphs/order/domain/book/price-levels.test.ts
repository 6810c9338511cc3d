import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceLevels, type RankedLevel } from './price-levels.ts';

class RankOnly implements RankedLevel<RankOnly> {
  readonly rank: number;
  better: RankOnly | null = null;
  worse: RankOnly | null = null;

  constructor(rank: number) {
    this.rank = rank;
  }
}

function ranksFromBest({ best }: PriceLevels<RankOnly>): number[] {
  const ranks: number[] = [];
  for (let level = best; level !== null; level = level.worse) {
    expect(level.worse?.better ?? level).toBe(level);
    ranks.push(level.rank);
  }
  return ranks;
}

describe('price levels', () => {
  it('stay sorted by rank while thousands are added and removed', () => {
    const rank = fc.integer({ min: -3_000, max: 3_000 });
    fc.assert(
      fc.property(fc.array(rank, { minLength: 1_000, maxLength: 8_000 }), (toggles) => {
        const levels = new PriceLevels<RankOnly>();
        const known = new Map<number, RankOnly>();
        for (const toggled of toggles) {
          const level = known.get(toggled);
          if (level === undefined) {
            known.set(toggled, new RankOnly(toggled));
            levels.insert(known.get(toggled) as RankOnly);
          } else {
            known.delete(toggled);
            levels.remove(level);
          }
        }
        expect(ranksFromBest(levels)).toEqual([...known.keys()].sort((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  it('can be added and removed in sorted order, in either direction', () => {
    const ranks = Array.from({ length: 5_000 }, (_, index) => index);
    for (const order of [ranks, ranks.toReversed()]) {
      const levels = new PriceLevels<RankOnly>();
      const made = order.map((rank) => new RankOnly(rank));
      for (const level of made) levels.insert(level);
      expect(ranksFromBest(levels)).toEqual(ranks);
      for (const level of made) levels.remove(level);
      expect(levels.best).toBeNull();
    }
  });

  it('refuse to add a rank that exists, and to remove one that does not', () => {
    const levels = new PriceLevels<RankOnly>();
    levels.insert(new RankOnly(1));
    expect(() => levels.insert(new RankOnly(1))).toThrow('Invariant: a second level of one rank');
    expect(() => levels.remove(new RankOnly(1))).toThrow('Invariant: the level is not in the list');
  });
});
