import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE, OrderQueues } from './order-queues.ts';

const QUEUES = 3;

/** What is in a queue, from its oldest to its youngest. */
function slotsOf(queues: OrderQueues, queue: number): number[] {
  const slots: number[] = [];
  for (let slot = queues.first(queue); slot !== NONE; slot = queues.next(slot)) slots.push(slot);
  return slots;
}

it('keep who came in order, whoever leaves, and give slots and queues again', () => {
  const change = fc.record({ queue: fc.nat(QUEUES - 1), leaves: fc.nat(9), at: fc.nat(9_999) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 2_000, maxLength: 4_000 }), (changes) => {
      const queues = new OrderQueues();
      const numbers = Array.from({ length: QUEUES }, () => queues.open());
      const lists = numbers.map(() => new Array<number>());
      for (const { queue: which, leaves, at } of changes) {
        const [queue = NONE, list = []] = [numbers[which], lists[which]];
        if (leaves < 6 || list.length === 0) {
          const slot = queues.append(queue);
          list.push(slot);
          expect(queues.queueOf(slot)).toBe(queue);
          continue;
        }
        const [slot = NONE] = list.splice(at % list.length, 1);
        expect(queues.isTaken(slot)).toBe(true);
        expect(queues.remove(slot)).toBe(list.length === 0 ? queue : NONE);
        expect(queues.isTaken(slot)).toBe(false);
      }
      for (const [which, queue] of numbers.entries())
        expect(slotsOf(queues, queue)).toEqual(lists[which]);
      expect(new Set(lists.flat()).size).toBe(lists.flat().length);
    }),
    { numRuns: 20 },
  );
});

it('have no order when they are opened again', () => {
  const queues = new OrderQueues();
  const queue = queues.open();
  expect(queues.remove(queues.append(queue))).toBe(queue);
  queues.close(queue);
  expect(queues.open()).toBe(queue);
  expect(queues.first(queue)).toBe(NONE);
});
