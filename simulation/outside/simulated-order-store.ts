import type { AccountId, OrderId, RfqId, TradeId } from '#shared/domain/ids.ts';
import { type DailyVolume, dailyVolumeKey } from '../../subgraphs/order/domain/daily-volume.ts';
import type { FundsCommand } from '../../subgraphs/order/domain/ports/funds.ts';
import type {
  ChangeSet,
  JournalRecord,
  JournalStore,
} from '../../subgraphs/order/domain/ports/journal-store.ts';
import type { LastPrice } from '../../subgraphs/order/domain/last-price.ts';
import type { OrderEvent, RecordedOrder } from '../../subgraphs/order/domain/order-event.ts';
import type {
  ClientOrderKey,
  OrderLookup,
} from '../../subgraphs/order/domain/ports/order-journal.ts';
import type { Outbox, OutboxEntry } from '../../subgraphs/order/domain/ports/outbox.ts';
import { TurnRefusedError } from '../../subgraphs/order/domain/ports/turn-refused-error.ts';
import type { RfqRecord } from '../../subgraphs/order/domain/rfq/rfq-changes.ts';
import { isClosed } from '../../subgraphs/order/domain/order.ts';
import type { Position } from '../../subgraphs/order/domain/position.ts';
import {
  type CancelTimer,
  controlKey,
  type TradingControl,
} from '../../subgraphs/order/domain/trading-control.ts';
import { positionKey } from '../../subgraphs/order/engine/journal-state.ts';
import { MemoryRfqStore } from '../../subgraphs/order/engine/rfq/test-rfq-store.ts';
import type { Misfortune } from '../misfortune.ts';
import type { ProcessLife } from '../process-life.ts';
import {
  REFUSABLE_EVENTS,
  REFUSABLE_RFQ_EVENTS,
  type RefusableEvent,
  type RefusableRfqEvent,
} from './refusable-events.ts';
import { brokenRfqConstraints } from './rfq-constraints.ts';
import { brokenConstraints } from './store-constraints.ts';
import { storeStep } from './store-step.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { SimulatedLease } from './simulated-lease.ts';

/** The share of orders of which the store cannot take some event. */
const REFUSING_SHARE = 0.06;

/** Longer than a run takes. */
const REST_OF_THE_RUN_MS = 1_000_000;

/** A turn, and when it began. */
export interface StoredTurn extends ChangeSet {
  /** By the clock, which can be set. */
  readonly now: number;
  /** By the clock that nothing sets. */
  readonly steady: number;
  /** The token of the owner that stored it. */
  readonly owner: number | null;
}

/** The contents of the order store. Outlives every process. */
export class StoredOrders {
  readonly orders = new Map<OrderId, RecordedOrder>();
  readonly events: OrderEvent[] = [];
  /** By {@link positionKey}. */
  readonly positions = new Map<string, Position>();
  /** By {@link dailyVolumeKey}. */
  readonly dailyVolumes = new Map<string, DailyVolume>();
  readonly lastPrices = new Map<string, LastPrice>();
  readonly outbox = new Map<bigint, FundsCommand>();
  /** By {@link controlKey}. */
  readonly controls = new Map<string, TradingControl>();
  readonly cancelTimers = new Map<AccountId, CancelTimer>();
  /** Requests for quote, with all that belongs to them. */
  readonly rfq = new MemoryRfqStore();
  /** Requests for quote of which the store cannot take an event of this type, until it is calm. */
  readonly refusingRfqs = new Map<RfqId, RefusableRfqEvent>();
  /** Orders of which the store cannot take an event of this type, until it is calm. */
  readonly refusing = new Map<OrderId, RefusableEvent>();
  /** What a real store would have refused. */
  readonly broken: string[] = [];
  /** How many turns were refused for what they record. */
  refusals = 0;
  /** Every stored turn, in order. */
  readonly turns: StoredTurn[] = [];
  #lastEntry = 0n;

  /** Whether the ledger is known to have applied a trade: its settlement is not in the outbox any more. */
  isApplied(tradeId: TradeId): boolean {
    const isMeant = (command: FundsCommand) =>
      'settleTrade' in command && command.settleTrade.tradeId === tradeId;
    return ![...this.outbox.values()].some(isMeant);
  }

  /** Stores a whole turn. */
  store(changes: StoredTurn, outbox: readonly FundsCommand[]): readonly OutboxEntry[] {
    for (const order of [...changes.inserted, ...changes.updated]) this.orders.set(order.id, order);
    for (const position of changes.positions)
      this.positions.set(positionKey(position.accountId, position.symbol), position);
    for (const volume of changes.dailyVolumes)
      this.dailyVolumes.set(dailyVolumeKey(volume), volume);
    for (const last of changes.lastPrices) this.lastPrices.set(last.symbol, last);
    this.events.push(...changes.events);
    for (const control of changes.controls) this.controls.set(controlKey(control.scope), control);
    for (const timer of changes.cancelTimers) this.cancelTimers.set(timer.accountId, timer);
    this.rfq.commit(changes.rfq);
    this.turns.push(changes);
    for (const position of changes.applied) this.outbox.delete(position);
    return outbox.map((command) => {
      this.#lastEntry += 1n;
      this.outbox.set(this.#lastEntry, command);
      return { position: this.#lastEntry, command };
    });
  }
}

/**
 * One process's access to the order store. Every step takes time and can fail before or after it takes
 * effect. Once the process is dead, none of its steps takes effect, as the fence guarantees.
 */
export class OrderStoreSession implements JournalStore, Outbox, OrderLookup {
  readonly #stored: StoredOrders;
  readonly #works: Parameters<typeof storeStep>[0];
  readonly #lease: SimulatedLease;
  readonly #misfortune: Misfortune;
  readonly #time: VirtualTime;

  constructor(options: {
    readonly stored: StoredOrders;
    readonly time: VirtualTime;
    readonly life: ProcessLife;
    readonly lease: SimulatedLease;
    readonly misfortune: Misfortune;
  }) {
    this.#stored = options.stored;
    this.#works = options;
    this.#lease = options.lease;
    this.#misfortune = options.misfortune;
    this.#time = options.time;
  }

  /** See {@link JournalStore.load}. */
  load(): Promise<JournalRecord> {
    return this.#step(() => {
      this.#lease.expectHeld();
      const { orders, events, positions, dailyVolumes, lastPrices, rfq } = this.#stored;
      const createdAts = [...rfq.rfqs.values()].map(({ createdAt }) => createdAt);
      const sequences = new Map(events.map(({ order, sequence }) => [order.accountId, sequence]));
      return {
        orders: [...orders.values()].filter((order) => !isClosed(order)),
        sequences,
        newestAt: Math.max(0, ...events.map(({ at }) => at), ...createdAts),
        positions: [...positions.values()],
        dailyVolumes: [...dailyVolumes.values()],
        lastPrices: [...lastPrices.values()],
        controls: this.#misfortune.shows('SWITCH_FORGOTTEN')
          ? []
          : [...this.#stored.controls.values()],
        cancelTimers: [...this.#stored.cancelTimers.values()],
        rfq: this.#misread(rfq.record((tradeId) => this.#stored.isApplied(tradeId))),
      };
    });
  }

  /** See {@link JournalStore.commit}. */
  commit(changes: ChangeSet): Promise<readonly OutboxEntry[]> {
    const times = { now: this.#time.now(), steady: this.#time.steadyNow() };
    const turn = { ...changes, ...times, owner: this.#lease.token };
    return this.#step(() => {
      this.#lease.fence();
      this.#refuse(changes);
      const isTraded = changes.outbox.length + changes.inserted.length > 0;
      if (isTraded && this.#misfortune.shows('COMMIT_FORGOTTEN')) return [];
      this.#stored.broken.push(
        ...brokenConstraints(changes),
        ...brokenRfqConstraints(this.#stored.rfq, changes.rfq),
      );
      const kept = changes.outbox.filter((command) => !this.#isForgotten(command));
      return this.#stored.store(turn, kept);
    });
  }

  /** See {@link Outbox.unsent}. */
  unsent(limit: number): Promise<readonly OutboxEntry[]> {
    return this.#step(() =>
      [...this.#stored.outbox]
        .slice(0, limit)
        .map(([position, command]) => ({ position, command })),
    );
  }

  /** See {@link Outbox.markSent}. */
  markSent(positions: readonly bigint[]): Promise<void> {
    return this.#step(() => {
      this.#lease.fence();
      for (const position of positions) this.#stored.outbox.delete(position);
    });
  }

  /** See {@link OrderLookup.byId}. */
  byId(orderId: OrderId): Promise<RecordedOrder | null> {
    return this.#step(() => this.#stored.orders.get(orderId) ?? null);
  }

  /** See {@link OrderLookup.byClientOrderId}. */
  byClientOrderId({ accountId, clientOrderId }: ClientOrderKey): Promise<RecordedOrder | null> {
    return this.#step(
      () =>
        [...this.#stored.orders.values()].find(
          (order) => order.accountId === accountId && order.clientOrderId === clientOrderId,
        ) ?? null,
    );
  }

  /** @throws TurnRefusedError if the turn records what the store cannot take of one of its orders */
  #refuse({ inserted, events, rfq }: ChangeSet): void {
    const { refusing, refusingRfqs } = this.#stored;
    const isRefused =
      events.some(({ type, order }) => refusing.get(order.id) === type) ||
      rfq.events.some(({ type, rfqId }) => refusingRfqs.get(rfqId) === type);
    if (!this.#misfortune.isCalm && isRefused) {
      this.#stored.refusals += 1;
      throw new TurnRefusedError(new Error('the order store refuses a value'));
    }
    for (const { id } of inserted)
      if (this.#misfortune.strikes(REFUSING_SHARE))
        refusing.set(id, this.#misfortune.random.pick(REFUSABLE_EVENTS));
    for (const { type, rfqId } of rfq.events)
      if (type === 'REQUESTED' && this.#misfortune.strikes(REFUSING_SHARE))
        refusingRfqs.set(rfqId, this.#misfortune.random.pick(REFUSABLE_RFQ_EVENTS));
  }

  #misread(record: RfqRecord): RfqRecord {
    const isUndying = this.#misfortune.shows('EXPIRY_FORGOTTEN');
    const lifeMs = isUndying ? REST_OF_THE_RUN_MS : 0;
    return {
      ...record,
      quotes: record.quotes.map((one) => ({ ...one, validUntil: one.validUntil + lifeMs })),
      settlements: this.#misfortune.shows('SETTLEMENT_FORGOTTEN') ? [] : record.settlements,
    };
  }

  #isForgotten(command: FundsCommand): boolean {
    if ('releaseHold' in command) return this.#misfortune.shows('RELEASE_FORGOTTEN');
    return 'settleTrade' in command && this.#misfortune.shows('TRADE_FORGOTTEN');
  }

  #step<Result>(effect: () => Result): Promise<Result> {
    return storeStep(this.#works, effect);
  }
}
