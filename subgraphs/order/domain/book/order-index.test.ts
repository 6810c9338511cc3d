import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderIndex } from './order-index.ts';
import { NONE } from './order-queues.ts';

it('finds each order that is in and none that has left, however far apart their priorities are', () => {
  const priority = fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(priority, { minLength: 500, maxLength: 2_000 }), (toggled) => {
      const [index, known] = [new OrderIndex(), new Map<number, number>()];
      for (const [slot, at] of toggled.entries()) {
        if (known.delete(at)) {
          index.delete(at);
          continue;
        }
        index.add(at, slot);
        known.set(at, slot);
      }
      expect(index.size).toBe(known.size);
      for (const at of toggled) expect(index.get(at)).toBe(known.get(at) ?? NONE);
    }),
    { numRuns: 50 },
  );
});
