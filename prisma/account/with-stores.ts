import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import {
  type AccountStores,
  openAccountStores,
} from '../../subgraphs/account/store/open-account-stores.ts';

/** Opens the account store, and reports to nobody what happens in it. */
export function openStores(databaseUrl: string): AccountStores {
  const bus = new MemoryEventBus();
  const onConnectionError = () => undefined;
  return openAccountStores({ databaseUrl, bus, clock: systemClock, onConnectionError });
}

/**
 * Opens the account store for a task, then closes it.
 * @param work is given the time by the database's clock, in milliseconds since the epoch: by that of the machine at which
 *   an operator types, which may be wrong, valid credentials could look expired, and stay
 * @throws Error with one sentence if its database cannot be read or is of another version
 */
export async function withStores<Result>(
  databaseUrl: string,
  work: (stores: AccountStores, atMs: number) => Promise<Result>,
): Promise<Result> {
  const stores = openStores(databaseUrl);
  try {
    await readAtStart('account', () => stores.requireVersion());
    return await work(stores, await stores.databaseTimeMs());
  } finally {
    await stores.close();
  }
}
