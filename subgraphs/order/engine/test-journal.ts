import { expect } from 'vitest';
import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FundsCommand } from '../domain/ports/funds.ts';
import { type DailyVolume, dailyVolumeKey } from '../domain/daily-volume.ts';
import type { ChangeSet, JournalRecord, JournalStore } from '../domain/ports/journal-store.ts';
import type { HouseSkew } from '../domain/house-skew.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { OrderBook } from '../domain/book/order-book.ts';
import type { BookLevel, RestingOrder } from '../domain/book/resting-order.ts';
import type { LastPrice } from '../domain/last-price.ts';
import type { OrderEvent, RecordedOrder } from '../domain/order-event.ts';
import { isArriving, isClosed } from '../domain/order.ts';
import type { OutboxEntry } from '../domain/ports/outbox.ts';
import type { Position } from '../domain/position.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import { type CancelTimer, controlKey, type TradingControl } from '../domain/trading-control.ts';
import { anInstrument, money, NOW_MS, quantity, units } from '../domain/test-orders.ts';
import { BuiltInVenue } from '../venue/built-in-venue.ts';
import { House } from '../venue/house.ts';
import { DecidedAmends } from './decided-amends.ts';
import { HouseInventory } from './house-inventory.ts';
import { Journal } from './journal.ts';
import { OrderEngine } from './order-engine.ts';
import { PreviewQueue } from './preview-queue.ts';
import { NO_QUOTING, type QuotingDesk } from './rfq/rfq-turn.ts';
import { MemoryRfqStore } from './rfq/test-rfq-store.ts';
import { SafetyCommands } from './safety/safety-commands.ts';

/** The instrument of all orders here. */
export const SYMBOL = 'BTC-USDT' as InstrumentSymbol;
/** Prices around 100, quantities of any size. */
export const INSTRUMENT = anInstrument({
  collarRate: units('0.5'),
  minQuantity: quantity('0.00001'),
  minNotional: money('0'),
});

/** Keeps what was committed, as the real store does; can be told to fail. */
export class MemoryJournalStore implements JournalStore {
  readonly orders = new Map<string, RecordedOrder>();
  readonly events: OrderEvent[] = [];
  readonly positions = new Map<string, Position>();
  readonly controls = new Map<string, TradingControl>();
  readonly cancelTimers = new Map<string, CancelTimer>();
  readonly outbox: FundsCommand[] = [];
  readonly preventedMatches: PreventedMatch[] = [];
  readonly dailyVolumes = new Map<string, DailyVolume>();
  readonly lastPrices = new Map<string, LastPrice>();
  readonly rfq = new MemoryRfqStore();
  /** Every turn that was stored, in order; a test can empty it. */
  storedTurns: ChangeSet[] = [];
  failsNext = false;
  /** How often an order went on in the next turn. */
  wasArriving = 0;

  load(): Promise<JournalRecord> {
    const sequences = new Map<AccountId, bigint>();
    for (const { order, sequence } of this.events) sequences.set(order.accountId, sequence);
    const orders = [...this.orders.values()].filter((order) => !isClosed(order));
    return Promise.resolve({
      orders,
      sequences,
      newestAt: Math.max(0, ...this.events.map(({ at }) => at)),
      positions: [...this.positions.values()],
      dailyVolumes: [...this.dailyVolumes.values()],
      lastPrices: [...this.lastPrices.values()],
      controls: [...this.controls.values()],
      cancelTimers: [...this.cancelTimers.values()],
      rfq: this.rfq.record(),
    });
  }

  /** How many events each of its {@link MemoryJournalStore.storedTurns} has. */
  get eventsPerTurn(): readonly number[] {
    return this.storedTurns.map(({ events }) => events.length);
  }

  commit(changes: ChangeSet): Promise<readonly OutboxEntry[]> {
    if (this.failsNext) {
      this.failsNext = false;
      return Promise.reject(new Error('the disk is full'));
    }
    this.storedTurns.push(changes);
    for (const order of [...changes.inserted, ...changes.updated]) this.orders.set(order.id, order);
    this.wasArriving += changes.updated.filter(isArriving).length;
    for (const position of changes.positions) this.positions.set(position.accountId, position);
    for (const last of changes.lastPrices) this.lastPrices.set(last.symbol, last);
    for (const control of changes.controls) this.controls.set(controlKey(control.scope), control);
    for (const timer of changes.cancelTimers) this.cancelTimers.set(timer.accountId, timer);
    this.events.push(...changes.events);
    this.outbox.push(...changes.outbox);
    this.rfq.commit(changes.rfq);
    this.preventedMatches.push(...changes.preventedMatches);
    for (const one of changes.dailyVolumes) this.dailyVolumes.set(dailyVolumeKey(one), one);
    const first = BigInt(this.outbox.length - changes.outbox.length + 1);
    return Promise.resolve(
      changes.outbox.map((command, index) => ({ position: first + BigInt(index), command })),
    );
  }
}

/** What a test chooses; the clock stands still if it is omitted. */
interface DeskOptions extends Partial<Clock> {
  readonly quoting?: QuotingDesk;
  readonly skew?: HouseSkew;
  /** The most events of a turn; the journal's own limit if omitted. */
  readonly mostEvents?: number | undefined;
}

/** A journal on a store, with its venue, house and engine. */
export function startDesk(
  store: MemoryJournalStore,
  { quoting = NO_QUOTING, skew, mostEvents, ...timing }: DeskOptions = {},
) {
  const clock: Clock = { now: () => NOW_MS, ...timing };
  let instrument = INSTRUMENT;
  const instruments: Instruments = {
    get: () => instrument,
    find: () => Promise.resolve(instrument),
    hearStatus: (_symbol, status) => void (instrument = { ...INSTRUMENT, status }),
  };
  const inventory = new HouseInventory();
  const house = new House(
    { spreadBps: 0, levels: 5, sizePercent: 100, skew: skew ?? null },
    clock,
    inventory,
  );
  const venue = new BuiltInVenue(house);
  let ids = (store.events.length + store.rfq.events.length) * 10;
  const newId = () => `id-${(ids += 1)}`;
  const journal = new Journal({
    store,
    venue,
    quotes: house,
    instruments,
    ready: Promise.resolve(),
    clock,
    newId,
    quoting,
    faults: noFault,
    logger: createLogger({ unit: 'test', level: 'silent' }),
    ...(mostEvents === undefined ? {} : { mostEvents }),
  });
  journal.listen(inventory);
  let markets = 0;
  const amends = new DecidedAmends();
  const engine = new OrderEngine({ journal, amends, previews: new PreviewQueue() });
  return {
    journal,
    venue,
    house,
    instruments,
    engine,
    amends,
    safety: new SafetyCommands(journal, clock),
    newId,
    /** Tells the house a market, and nobody else. */
    hear: (bid: string, ask: string, size = '10') =>
      house.hear({
        symbol: SYMBOL,
        sequence: `${(markets += 1)}`,
        bids: [[bid, size]],
        asks: [[ask, size]],
        receivedAtMs: clock.now(),
        suspended: false,
        status: 'TRADING',
      }),
  };
}

/** Every level and order of a book, best first and oldest first. */
export function drawn(book: OrderBook): string[] {
  const lines: string[] = [];
  for (const side of ['BUY', 'SELL'] as const)
    for (let level: BookLevel | null = book.best(side); level !== null; level = level.worse)
      for (let order: RestingOrder | null = level.oldest; order !== null; order = order.younger)
        lines.push(
          `${side} ${order.priceTicks} ${order.shownSteps}+${order.hiddenSteps} ${order.orderId}`,
        );
  return lines;
}

/** What the ledger would have taken from each hold, and given back of it. */
function usedOfHolds(store: MemoryJournalStore): Map<string, bigint> {
  const used = new Map<string, bigint>();
  const add = (orderId: string | null, amount: bigint) =>
    orderId !== null && used.set(orderId, (used.get(orderId) ?? 0n) + amount);
  for (const command of store.outbox) {
    if ('shrinkHold' in command) add(command.shrinkHold.orderId, units(command.shrinkHold.amount));
    if (!('settleTrade' in command)) continue;
    const { buyer, seller, cost, quantity } = command.settleTrade;
    add(buyer.orderId, units(cost) + units(buyer.fee) + units(buyer.release));
    add(seller.orderId, units(quantity) + units(seller.release));
  }
  return used;
}

/** Holds are accounted for, sequences dense, positions the sums of fills. */
export function expectConsistent(store: MemoryJournalStore): void {
  const used = usedOfHolds(store);
  const released = new Set(
    store.outbox.flatMap((command) =>
      'releaseHold' in command ? [command.releaseHold.orderId] : [],
    ),
  );
  const wasPending = new Set(
    store.events.flatMap(({ type, order }) => (type === 'AMEND_REQUESTED' ? [order.id] : [])),
  );
  for (const order of store.orders.values()) {
    if (order.hold === null) continue;
    const left = order.hold.placed - (used.get(order.id) ?? 0n);
    if (!isClosed(order)) expect(order.hold.remaining).toBe(left);
    // One that ends while more is asked for is always given back.
    else if (left > 0n || !wasPending.has(order.id)) expect(left > 0n).toBe(released.has(order.id));
  }
  const last = new Map<AccountId, bigint>();
  for (const { order, sequence } of store.events) {
    expect(sequence).toBe((last.get(order.accountId) ?? 0n) + 1n);
    last.set(order.accountId, sequence);
  }
  const filled = store.events.flatMap(({ fill }) => (fill === null ? [] : [fill]));
  for (const [accountId, { netQuantity, fees }] of store.positions) {
    const own = filled.filter((fill) => fill.accountId === accountId);
    const signed = own.map(({ side, quantity }) => (side === 'BUY' ? quantity : -quantity));
    expect(netQuantity).toBe(signed.reduce((sum, one) => sum + one, 0n));
    expect(fees).toBe(own.reduce((sum, { fee }) => sum + fee, 0n));
  }
}
