import { expect, it } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import type { Rfq } from '../domain/rfq/rfq.ts';
import { openRfqStream } from './open-rfq-stream.ts';

it('shows what was stored and told to nobody after a silence, and nothing if nothing changed', async () => {
  const open: Pick<Rfq, 'id' | 'traderId'>[] = [];
  let reads = 0;
  const stream = openRfqStream({
    bus: new MemoryEventBus(),
    eventOfJson: () => {
      throw new Error('Nothing is told.');
    },
    readOpen: () => {
      // Some silences with nothing new come first.
      if ((reads += 1) === 4) open.push({ id: 'r-1' as Rfq['id'], traderId: null });
      return Promise.resolve([...open] as Rfq[]);
    },
    silenceMs: 1,
  });
  expect((await stream.next()).value).toEqual([]);
  expect((await stream.next()).value).toEqual([{ id: 'r-1', traderId: null }]);
  expect(reads).toBe(4);
  await stream.return(undefined);
});
