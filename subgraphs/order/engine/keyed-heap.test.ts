import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyedHeap } from './keyed-heap.ts';

it('has the first of all at hand, whatever was put in, replaced and taken out', () => {
  const step = fc.record({
    key: fc.integer({ min: 0, max: 40 }),
    value: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null, freq: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const heap = new KeyedHeap<number, number>((left, right) => left < right);
      const known = new Map<number, number>();
      for (const { key, value } of steps) {
        if (value === null) expect(heap.delete(key)).toBe(known.delete(key));
        else {
          heap.set(key, value);
          known.set(key, value);
        }
        expect(heap.size).toBe(known.size);
        expect(heap.first).toBe(known.size === 0 ? undefined : Math.min(...known.values()));
        if (heap.firstKey !== undefined) expect(known.get(heap.firstKey)).toBe(heap.first);
      }
      for (; heap.firstKey !== undefined; heap.delete(heap.firstKey)) known.delete(heap.firstKey);
      expect(known.size).toBe(0);
    }),
    { numRuns: 200 },
  );
});
