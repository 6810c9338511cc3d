import { expect, it } from 'vitest';
import type { AccountId, ClientOrderId, OrderId } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { quantity } from '../domain/test-orders.ts';
import { UnavailableError } from '../domain/unavailable-error.ts';
import { HoldSaga } from './hold-saga.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { limitAt } from './test-placement.ts';

const logger = createLogger({ unit: 'test', level: 'silent' });

it('asks for no hold of an order that was stored as the books went to another process', async () => {
  const store = new MemoryJournalStore();
  const { journal, amends, engine } = startDesk(store);
  let asked = 0;
  const apply = () => {
    asked += 1;
    return Promise.reject(new UnavailableError('The ledger is away.', null));
  };
  const find = () => Promise.resolve(INSTRUMENT);
  const saga = new HoldSaga({
    ...{ journal, amends, faults: noFault, logger, funds: { apply } },
    instruments: { get: () => INSTRUMENT, find, hearStatus: () => undefined },
    settled: () => Promise.resolve(),
    pause: () => new Promise(() => undefined),
  });
  journal.listen(saga);
  await journal.start();
  const commit = store.commit.bind(store);
  store.commit = async (changes) => {
    const outbox = await commit(changes);
    journal.resign();
    return outbox;
  };
  const names = { id: 'o' as OrderId, clientOrderId: 'o' as ClientOrderId };
  const asIs = { ...names, accountId: 'a' as AccountId, symbol: SYMBOL, side: 'BUY' } as const;
  await engine.submit({ ...asIs, quantity: quantity('1'), terms: limitAt('100') }, INSTRUMENT);
  await journal.idle();
  expect(store.orders.get(names.id)?.state.status).toBe('SUBMITTED');
  // A call gathers what comes in one round of the event loop.
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(0);
});
