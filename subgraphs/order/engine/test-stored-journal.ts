import { NOW_MS } from '../domain/test-orders.ts';
import type { OrderStores } from '../store/open-order-stores.ts';
import { MemoryJournalStore } from './test-journal.ts';

/** Everything is stored in PostgreSQL, and remembered to be looked at; the journal reads it from there. */
export class StoredJournal extends MemoryJournalStore {
  readonly #stores: OrderStores;

  constructor(stores: OrderStores) {
    super();
    this.#stores = stores;
  }

  override load() {
    return this.#stores.journal.load(NOW_MS);
  }

  override async commit(changes: Parameters<MemoryJournalStore['commit']>[0]) {
    if (!(await this.#stores.lease.renew())) await this.#stores.lease.take();
    const outbox = await this.#stores.journal.commit(changes);
    await super.commit(changes);
    return outbox;
  }
}
