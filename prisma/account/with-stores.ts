import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import {
  type AccountStores,
  openAccountStores,
} from '../../subgraphs/account/store/open-account-stores.ts';

/**
 * Opens the account store for a task, then closes it.
 * @throws Error with one sentence if its database cannot be read or is of another version
 */
export async function withStores<Result>(
  databaseUrl: string,
  work: (stores: AccountStores) => Promise<Result>,
): Promise<Result> {
  const bus = new MemoryEventBus();
  const onConnectionError = () => undefined;
  const stores = openAccountStores({ databaseUrl, bus, clock: systemClock, onConnectionError });
  try {
    await readAtStart('account', () => stores.requireVersion());
    return await work(stores);
  } finally {
    await stores.close();
  }
}
