import { expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { price } from '../domain/test-orders.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const instructions = { ...NO_INSTRUCTIONS, postOnly: 'REJECT' } as const;

it('says where a post-only order would have rested, when it comes and when it is changed', async () => {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const place = placer(desk, store);
  await place('m', 'SELL', '1', limitAt('101'));
  const rejected = await place('a', 'BUY', '1', limitAt('102'), { instructions });
  expect(rejected.state).toMatchObject({ status: 'REJECTED', touchPrice: price('101') });
  const { id } = await place('a', 'BUY', '1', limitAt('100'), { instructions });
  const change = { amendId: 'm', expectedVersion: null, changes: { limitPrice: price('102') } };
  expect(await desk.engine.amend(id, change, INSTRUMENT)).toMatchObject({
    violations: [
      {
        reason: 'POST_ONLY_WOULD_TAKE',
        rule: 'limitPrice',
        limit: '101.00',
        actual: '102.00',
        nearestValid: '100.99',
      },
    ],
  });
});
