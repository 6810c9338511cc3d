import type { QuoteId, RfqId } from '#shared/domain/ids.ts';
import type { RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { ClientRfqKey, RfqReads } from '../../subgraphs/order/domain/rfq/rfq-reads.ts';
import { isLive, type Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { Settlement } from '../../subgraphs/order/domain/rfq/settlement.ts';
import { UnavailableError } from '../../subgraphs/order/domain/ports/unavailable-error.ts';
import type { StoredOrders } from './simulated-order-store.ts';
import { storeStep } from './store-step.ts';

/** One process's reads of stored requests for quote; each takes time and can fail. */
export class SimulatedRfqReads implements RfqReads {
  readonly #stored: StoredOrders;
  readonly #works: Parameters<typeof storeStep>[0];

  constructor(stored: StoredOrders, works: Parameters<typeof storeStep>[0]) {
    this.#stored = stored;
    this.#works = works;
  }

  rfq(id: RfqId): Promise<Rfq | null> {
    return this.#read(() => this.#stored.rfq.rfqs.get(id) ?? null);
  }

  rfqByClientRfqId({ accountId, clientRfqId }: ClientRfqKey): Promise<Rfq | null> {
    const isMeant = (rfq: Rfq) => rfq.accountId === accountId && rfq.clientRfqId === clientRfqId;
    return this.#read(() => this.#all().find(isMeant) ?? null);
  }

  rfqs(accountId: Rfq['accountId']): Promise<readonly Rfq[]> {
    return this.#read(() => this.#all().filter((rfq) => rfq.accountId === accountId));
  }

  openRfqs(): Promise<readonly Rfq[]> {
    return this.#read(() => this.#all().filter(isLive));
  }

  quote(rfqId: RfqId, quoteId: QuoteId): Promise<RfqQuote | null> {
    return this.#read(() => {
      const quote = this.#stored.rfq.quotes.get(quoteId);
      return quote?.rfqId === rfqId ? quote : null;
    });
  }

  /** Every quote of a request, newest first. */
  quotes(rfqId: RfqId): Promise<readonly RfqQuote[]> {
    return this.#read(() =>
      [...this.#stored.rfq.quotes.values()].filter((one) => one.rfqId === rfqId).toReversed(),
    );
  }

  settlement(rfqId: RfqId): Promise<Settlement | null> {
    return this.#read(
      () => [...this.#stored.rfq.settlements.values()].find((one) => one.rfqId === rfqId) ?? null,
    );
  }

  #all(): readonly Rfq[] {
    return [...this.#stored.rfq.rfqs.values()];
  }

  #read<Result>(read: () => Result): Promise<Result> {
    return storeStep(this.#works, read).catch((cause: unknown) => {
      throw new UnavailableError('The order store did not respond.', cause);
    });
  }
}
