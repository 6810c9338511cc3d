import { describe, expect, it } from 'vitest';
import { LeakyBuckets } from './leaky-buckets.ts';

describe('a leaky bucket', () => {
  it('runs out evenly, each key its own, and is never less than empty', () => {
    const buckets = new LeakyBuckets<string>();
    buckets.pour('a', 1000, 0);
    buckets.pour('a', 500, 200);
    expect(buckets.levelMs('a', 200)).toBe(1300);
    expect(buckets.levelMs('b', 200)).toBe(0);
    expect(buckets.levelMs('a', 9000)).toBe(0);
    buckets.pour('a', 100, 9000);
    expect(buckets.levelMs('a', 9000)).toBe(100);
  });

  it('is forgotten if nothing was poured into it for longest, and there are too many', () => {
    const buckets = new LeakyBuckets<string>(2);
    for (const key of ['a', 'b', 'a', 'c']) buckets.pour(key, 1000, 0);
    expect(['a', 'b', 'c'].map((key) => buckets.levelMs(key, 0))).toEqual([2000, 0, 1000]);
  });
});
