import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import type { OrderTrigger, TriggerKind, TriggerSource } from '../domain/order-trigger.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, units } from '../domain/test-orders.ts';
import { MemoryJournalStore, startDesk, SYMBOL } from './test-journal.ts';
import { placer } from './test-placement.ts';

/** What a market order asks for, whatever it waits for. */
export const MARKET: OrderTerms = { orderType: 'MARKET', timeInForce: 'IOC' };

/** What an order waits for. */
export function triggerAt(
  kind: TriggerKind,
  triggerPrice: string,
  source: TriggerSource = 'BID_ASK',
): { readonly trigger: OrderTrigger } {
  const waits = { kind, source, timeInForce: 'GTC', trailing: null, triggeredAt: null } as const;
  return { trigger: { ...waits, triggerPrice: price(triggerPrice) } };
}

/** What a trailing stop waits for. */
export function trailingBy(
  offset: string,
  type: 'PRICE' | 'BASIS_POINTS' | 'TICKS' = 'PRICE',
  source: TriggerSource = 'BID_ASK',
): { readonly trigger: OrderTrigger } {
  const { trigger } = triggerAt('TRAILING_STOP', '0', source);
  return { trigger: { ...trigger, trailing: { type, offset: units(offset) } } };
}

/** A desk whose clock and market are set by hand. */
export class WaitingWorld {
  /** What was committed. */
  readonly store = new MemoryJournalStore();
  /** What the clock says. */
  now = NOW_MS;
  #desk = this.#start();
  #place = placer(this.#desk, this.store);
  #sequence = 0;
  #status: InstrumentStatus = 'TRADING';

  /** The desk of this moment. */
  get desk() {
    return this.#desk;
  }

  /** Places an order whose hold is there. */
  get place() {
    return this.#place;
  }

  /** Another process takes over. */
  restart(): void {
    this.#desk = this.#start();
    this.#place = placer(this.#desk, this.store);
  }

  /** Tells the house a market of ten on each side, and nobody else. */
  hear(bid: string, ask: string, ageMs = 0): void {
    this.hearBook([[bid, '10']], [[ask, '10']], ageMs);
  }

  /** Tells the house a market, and nobody else. */
  hearBook(
    bids: readonly (readonly [string, string])[],
    asks: readonly (readonly [string, string])[],
    ageMs = 0,
  ): void {
    this.#desk.house.hear({
      ...{ symbol: SYMBOL, sequence: `${(this.#sequence += 1)}`, bids, asks },
      ...{ receivedAtMs: this.now - ageMs, suspended: false, status: this.#status },
    });
  }

  /** Stops the instrument, or lets it trade again; the market says so with its next book. */
  hearStatus(status: InstrumentStatus): void {
    this.#status = status;
    this.#desk.instruments.hearStatus(SYMBOL, status);
  }

  /** Tells a market, and gives the journal a turn. */
  async tick(bid: string, ask: string, ageMs = 0): Promise<void> {
    this.hear(bid, ask, ageMs);
    await this.turn();
  }

  /** Gives the journal a turn. */
  async turn(): Promise<void> {
    await this.#desk.journal.run(() => undefined);
  }

  /** The stored status of an order. */
  statusOf(id: string) {
    return this.store.orders.get(id)?.state.status;
  }

  /** Where the trigger of an order is stored to stand. */
  triggerPriceOf(id: string) {
    return this.store.orders.get(id)?.trigger?.triggerPrice;
  }

  #start() {
    return startDesk(this.store, { now: () => this.now });
  }
}
