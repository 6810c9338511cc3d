import { DESK_ACCOUNTS } from '../subgraphs/account/domain/account.ts';
import { createLogger, type Logger } from '#shared/logging/logger.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import { type InstrumentSymbol, type OrderId, parseOrderId, trusted } from '#shared/domain/ids.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { ConsolidatedDepth, MarketDepth } from '#shared/events/topics.ts';
import { type AmendOrder, amendOrder } from '../subgraphs/order/domain/use-cases/amend-order.ts';
import { cancelAllOrders } from '../subgraphs/order/domain/use-cases/cancel-all-orders.ts';
import { type CancelOrder, cancelOrder } from '../subgraphs/order/domain/use-cases/cancel-order.ts';
import type { Funds } from '../subgraphs/order/domain/ports/funds.ts';
import type { Instruments } from '../subgraphs/order/domain/ports/instruments.ts';
import { MESSAGE_RATE, MessageRate } from '../subgraphs/order/domain/rules/message-rate.ts';
import {
  cancelAllAfter,
  type SetTradingState,
  setTradingState,
} from '../subgraphs/order/domain/use-cases/set-trading-state.ts';
import { OneAtATime } from '../subgraphs/order/domain/one-at-a-time.ts';
import {
  type PlaceOrder,
  placeOrder,
  type PlaceOrderPorts,
} from '../subgraphs/order/domain/use-cases/place-order.ts';
import { placeOrders } from '../subgraphs/order/domain/use-cases/place-orders.ts';
import type { GuardConnection } from '../subgraphs/order/domain/safety-switches.ts';
import { DeadlineWatch } from '../subgraphs/order/engine/deadline-watch.ts';
import { DecidedAmends } from '../subgraphs/order/engine/decided-amends.ts';
import { HoldSaga } from '../subgraphs/order/engine/hold-saga.ts';
import { HouseInventory } from '../subgraphs/order/engine/house-inventory.ts';
import { Journal } from '../subgraphs/order/engine/journal.ts';
import { matchMarketMove } from '../subgraphs/order/engine/match-market-move.ts';
import { OrderEngine } from '../subgraphs/order/engine/order-engine.ts';
import { OwnerWatch } from '../subgraphs/order/engine/owner-watch.ts';
import { PreviewQueue } from '../subgraphs/order/engine/preview-queue.ts';
import { ComparisonEngine } from '../subgraphs/order/engine/rfq/comparison-engine.ts';
import { OutboxRelay } from '../subgraphs/order/engine/outbox/outbox-relay.ts';
import { SafetyCommands } from '../subgraphs/order/engine/safety/safety-commands.ts';
import { TriggerWatch } from '../subgraphs/order/engine/triggers/trigger-watch.ts';
import { BuiltInVenue } from '../subgraphs/order/venue/built-in-venue.ts';
import { House } from '../subgraphs/order/venue/house.ts';
import type { MarketPricer } from '../subgraphs/order/venue/market-pricer.ts';
import { HOUSE, INSTRUMENTS, MARKET_LEVELS, priceText } from './clients/drawn-orders.ts';
import type { MarketMove } from './outside/market-traffic.ts';
import type { Misfortune } from './misfortune.ts';
import type { ProcessLife } from './process-life.ts';
import { QUOTING } from './quoting-settings.ts';
import type { SimulatedLease } from './outside/simulated-lease.ts';
import type { OrderStoreSession } from './outside/simulated-order-store.ts';
import { type PriceOrigin, simulatedPricer } from './simulated-pricer.ts';
import { SimulatedQuoting } from './simulated-quoting.ts';
import type { SimulatedRfqReads } from './outside/simulated-rfq-reads.ts';
import { accessOf } from './simulated-users.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Witness } from './witness.ts';

/** How often a process looks for what is due by the clock, while clients trade and afterwards. */
const LOOK_EVERY_MS = { trading: 200, calm: 1000 };

/** What a simulated desk runs on. */
export interface SimulatedDeskOptions {
  readonly time: VirtualTime;
  readonly life: ProcessLife;
  readonly store: OrderStoreSession;
  readonly rfqReads: SimulatedRfqReads;
  readonly witness: Witness;
  readonly lease: SimulatedLease;
  readonly funds: Funds;
  readonly faults: FaultPoint;
  /** Returns ids that are unique across all processes. */
  readonly newId: () => string;
  /** The most events in a turn. */
  readonly mostEvents: number;
  /** Whether clients trade no more. */
  readonly isCalm: () => boolean;
  readonly prices: PriceOrigin;
  readonly misfortune: Misfortune;
  /** Called with the log line of each broken invariant, which must never happen. */
  readonly broken: (line: string) => void;
}

/** One order process: the real use cases and the real engine, on a store and a ledger that fail. */
export class SimulatedDesk {
  /** The part that quotes on request. */
  readonly quoting: SimulatedQuoting;
  readonly #pricer: MarketPricer;
  readonly #ports: PlaceOrderPorts;
  readonly #instruments: SimulatedInstruments;
  readonly #triggers: TriggerWatch;
  readonly #house: House;
  readonly #venue: BuiltInVenue;
  readonly #journal: Journal;
  readonly #safety: SafetyCommands;
  readonly #owner: OwnerWatch;
  readonly #time: VirtualTime;
  readonly #isCalm: () => boolean;
  readonly #misfortune: Misfortune;

  constructor(options: SimulatedDeskOptions) {
    const { time, life, store, lease, funds, faults, newId, mostEvents } = options;
    const logger = invariantLogger(options.broken);
    this.#time = time;
    this.#isCalm = options.isCalm;
    this.#misfortune = options.misfortune;
    const inventory = new HouseInventory();
    const house = new House(HOUSE, time, inventory);
    const venue = new BuiltInVenue(house);
    const instruments = new SimulatedInstruments();
    const works = { store, venue, quotes: house, instruments, faults, logger };
    const pause = (ms: number) => life.wait(ms);
    const relay = new OutboxRelay({ outbox: store, funds, faults, logger, pause });
    const { market, pricer } = simulatedPricer(options.prices, inventory, { ...options, logger });
    const quoting = { pricer, settings: QUOTING };
    const journal = new Journal({
      ...works,
      ready: Promise.resolve(),
      clock: time,
      newId,
      quoting,
      takeApplied: () => relay.takeApplied(),
      mostEvents,
    });
    const deadlines = new DeadlineWatch({ journal, clock: time, logger });
    this.#triggers = new TriggerWatch({ ...works, journal, clock: time });
    const amends = new DecidedAmends();
    const previews = new PreviewQueue();
    const settled = () => relay.settled();
    const saga = new HoldSaga({ ...works, journal, funds, amends, settled, pause });
    for (const listener of [inventory, saga, relay]) journal.listen(listener);
    this.#ports = {
      journal: new OrderEngine({ journal, amends, previews }),
      orders: store,
      instruments,
      twins: new OneAtATime(),
      newOrderId: (): OrderId => trusted(parseOrderId, newId()),
      clock: time,
      messageRate: new MessageRate(MESSAGE_RATE),
      within: (limitMs, work) =>
        Promise.race([work, life.wait(limitMs).then(() => 'late' as const)]),
    };
    const orders = this.#ports;
    const { witness, rfqReads: reads } = options;
    this.quoting = new SimulatedQuoting({
      ...{ journal, relay, quoting, instruments, reads, orders, time, logger, witness, newId },
      comparisons: new ComparisonEngine({ journal, previews }),
      accessOf,
    });
    this.#lookAgain(() => {
      deadlines.look();
      this.quoting.look();
    }, life);
    this.#pricer = market;
    this.#instruments = instruments;
    this.#house = house;
    this.#venue = venue;
    this.#journal = journal;
    this.#safety = new SafetyCommands(journal, time);
    this.#owner = new OwnerWatch({
      ...{ lease, journal, logger },
      pause: (ms) => life.wait(ms, true),
      now: () => time.steadyNow(),
    });
  }

  /** Starts trying to take over the books, which succeeds once nobody has them. */
  start(): void {
    void this.#owner.start();
  }

  /** Whether this process believes that it owns the books. */
  get isOwner(): boolean {
    return this.#owner.isOwner;
  }

  /** Gives the journal a turn: unfinished work continues, and expired orders end. */
  async takeTurn(): Promise<void> {
    await this.#journal.start();
  }

  /** Places an order, as the API does. */
  place(command: PlaceOrder) {
    return placeOrder(this.#ports, accessOf(command.accountId), command);
  }

  /** Changes an order, as the API does. @param member the account whose user asks, which can be another one's */
  amend(command: AmendOrder, member: string) {
    return amendOrder(this.#ports, accessOf(member), command);
  }

  /** Cancels an order, as the API does. */
  cancel(command: CancelOrder) {
    return cancelOrder(this.#ports, accessOf(command.accountId), command);
  }

  /** Cancels all orders of an account, as the API does. */
  cancelAll(accountId: string) {
    return cancelAllOrders(this.#safety, accessOf(accountId), { accountId });
  }

  /** Sets a switch, as the API does. */
  setTradingState(command: SetTradingState) {
    const access = accessOf(DESK_ACCOUNTS.HOUSE);
    return setTradingState({ ...this.#ports, safety: this.#safety }, access, command);
  }

  /** Sets a dead man's timer, as the API does. */
  cancelAllAfter(accountId: string, timeoutMs: number) {
    return cancelAllAfter(this.#safety, accessOf(accountId), { accountId, timeoutMs });
  }

  /** Places orders of one account together, as the API does. */
  placeTogether(accountId: string, orders: readonly PlaceOrder[]) {
    return placeOrders(this.#ports, accessOf(accountId), { accountId, orders });
  }

  /** Reports connections that guard orders, as the gateways do. */
  guardConnections(connections: readonly GuardConnection[]): Promise<boolean> {
    return this.#safety.guardConnections(connections);
  }

  /** Hears of a market. */
  async moveMarket(move: MarketMove): Promise<void> {
    const { instrument, bidTicks, askTicks, sequence, status, isSuspended } = move;
    const { symbol } = instrument;
    const depth: MarketDepth = {
      symbol,
      sequence: `${sequence}`,
      bids: MARKET_LEVELS.map(({ ticks, size }) => [priceText(bidTicks - ticks), size]),
      asks: MARKET_LEVELS.map(({ ticks, size }) => [priceText(askTicks + ticks), size]),
      receivedAtMs: this.#time.now(),
      suspended: isSuspended,
      status,
    };
    this.#house.hear(depth);
    this.#pricer.hear(depth);
    this.#instruments.hearStatus(symbol, status);
    if (this.#misfortune.planted !== 'TRIGGERS_FORGOTTEN') this.#triggers.look(symbol);
    if (!this.#venue.isReachedByMarket(instrument)) return;
    await this.#journal.runThrough((turn) => matchMarketMove(turn, instrument));
  }

  /** Hears of the books of several venues. */
  hearBooks(books: ConsolidatedDepth): void {
    this.#pricer.hearConsolidated(books);
  }

  /** Looks again and again for as long as the process lives. */
  #lookAgain(look: () => void, life: ProcessLife): void {
    const everyMs = this.#isCalm() ? LOOK_EVERY_MS.calm : LOOK_EVERY_MS.trading;
    void life.wait(everyMs, true).then(() => {
      look();
      this.#lookAgain(look, life);
    });
  }
}

/** A process that does not know yet that another one has the books can meet this: the fence refuses its turn anyway. */
const CLOSED_MEANWHILE = 'what is set aside is closed already';

/** Logs nothing, and reports what names an invariant. */
function invariantLogger(broken: (line: string) => void): Logger {
  const write = (line: string) => {
    if (line.includes('Invariant:') && !line.includes(CLOSED_MEANWHILE)) broken(line);
  };
  return createLogger({ unit: 'simulation', level: 'error' }, { write });
}

/** The instruments, each with the status that was heard last. */
class SimulatedInstruments implements Instruments {
  readonly #instruments = new Map<InstrumentSymbol, Instrument>(
    INSTRUMENTS.map((one) => [one.symbol, one]),
  );

  get(symbol: InstrumentSymbol): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  find(symbol: InstrumentSymbol): Promise<Instrument | undefined> {
    return Promise.resolve(this.get(symbol));
  }

  hearStatus(symbol: InstrumentSymbol, status: InstrumentStatus): void {
    const known = this.get(symbol);
    if (known !== undefined) this.#instruments.set(symbol, { ...known, status });
  }
}
