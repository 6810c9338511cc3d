import { afterAll, beforeAll, expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../../domain/order-instructions.ts';
import { startDesk } from '../test-journal.ts';
import { limitAt, placer } from '../test-placement.ts';
import { openTestOrderStores, type TestOrderStores } from '../../store/test-order-stores.ts';
import { StoredJournal } from '../test-stored-journal.ts';

let owned: TestOrderStores;
beforeAll(async () => {
  owned = await openTestOrderStores();
});
afterAll(() => owned.close());

it('stores that an order is guarded by a connection no more', async () => {
  const store = new StoredJournal(owned.stores);
  const desk = startDesk(store);
  const guardConnectionId = 'c';
  const { id } = await placer(desk, store)('a', 'BUY', '1', limitAt('99'), {
    instructions: { ...NO_INSTRUCTIONS, postOnly: 'REJECT', guardConnectionId },
  });
  const instructions = async () => (await owned.stores.queries.ordersById([id]))[0]?.instructions;
  expect(await instructions()).toMatchObject({ guardConnectionId });
  await desk.safety.guardConnections([{ connectionId: guardConnectionId, lifeMs: null }]);
  expect(await instructions()).toEqual({ ...NO_INSTRUCTIONS, postOnly: 'REJECT' });
});
