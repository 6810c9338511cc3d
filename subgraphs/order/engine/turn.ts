import type { InstrumentSymbol, OrderId, RfqId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import { eventWeight } from '../domain/event-weight.ts';
import type { ExecutionVenue } from '../domain/ports/execution-venue.ts';
import type { Fill } from '../domain/fill.ts';
import { type DailyVolume, dailyVolumeKey } from '../domain/daily-volume.ts';
import type { FundsCommand } from '../domain/ports/funds.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { ChangeSet } from '../domain/ports/journal-store.ts';
import type { LastPrice } from '../domain/last-price.ts';
import type { MarketQuotes } from '../domain/ports/market-quotes.ts';
import type {
  OrderEvent,
  OrderEventType,
  RecordedOrder,
  RefusedAmend,
} from '../domain/order-event.ts';
import { isClosed, type Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import { tradableQuote } from '../domain/rules/price-collar.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import type { CancelTimer, TradingControl } from '../domain/trading-control.ts';
import { type JournalState, positionKey } from './journal-state.ts';
import { type QuotingDesk, RfqTurn } from './rfq/rfq-turn.ts';
import { NO_SUSPECTS, type Suspects } from './suspects.ts';

/**
 * One turn of the journal: commands change the state through it, and it collects what must be
 * stored. Nothing of it is true before it is stored.
 */
export class Turn {
  readonly state: JournalState;
  /** The books, which it changes too. */
  readonly venue: ExecutionVenue;
  readonly instruments: Pick<Instruments, 'get'>;
  /** The market that its trades are made in. */
  readonly quotes: MarketQuotes;
  /**
   * The time of the whole turn, which decides what is due, stale or fresh. Milliseconds since the
   * epoch.
   */
  readonly now: number;
  /**
   * The time of everything the turn records, milliseconds since the epoch: now, or as late as the
   * newest earlier record, because lists of a period are found by their rows' times.
   */
  readonly at: number;
  /** When it began, as `steadyNow` has it: for what is in memory only. */
  readonly steadyMs: number;
  /** A random id for a fill or a trade. */
  readonly newId: () => string;
  /** The part about requests for quote. */
  readonly rfqs: RfqTurn;
  /** How many events it can record before the rest waits for the next turn. */
  readonly #mostEvents: number;
  /** How many inseparable events can have a turn of their own. */
  readonly mostUnparted: number;
  readonly #inserted = new Map<OrderId, RecordedOrder>();
  readonly #updated = new Map<OrderId, RecordedOrder>();
  readonly #exited = new Set<OrderId>();
  readonly #events: OrderEvent[] = [];
  /** The total weight of what is stored; see {@link eventWeight}. */
  #weight = 0;
  readonly #positions = new Map<string, Position>();
  readonly #preventedMatches: PreventedMatch[] = [];
  readonly #dailyVolumes = new Map<string, DailyVolume>();
  readonly #lastPrices = new Map<InstrumentSymbol, LastPrice>();
  readonly #controls: TradingControl[] = [];
  readonly #cancelTimers: CancelTimer[] = [];
  readonly #outbox: FundsCommand[] = [];
  readonly #applied: readonly bigint[];
  readonly #whenStored: (() => void)[] = [];
  #suspects = NO_SUSPECTS;

  constructor(options: {
    readonly state: JournalState;
    readonly venue: ExecutionVenue;
    readonly instruments: Pick<Instruments, 'get'>;
    readonly quotes: MarketQuotes;
    readonly now: number;
    readonly at: number;
    readonly steadyMs: number;
    readonly newId: () => string;
    readonly quoting: QuotingDesk;
    /** Positions in the outbox that the ledger has applied. */
    readonly applied: readonly bigint[];
    readonly mostEvents: number;
    readonly mostUnparted: number;
  }) {
    this.state = options.state;
    this.venue = options.venue;
    this.instruments = options.instruments;
    this.quotes = options.quotes;
    this.now = options.now;
    this.at = options.at;
    this.steadyMs = options.steadyMs;
    this.newId = options.newId;
    this.#applied = options.applied;
    this.#mostEvents = options.mostEvents;
    this.mostUnparted = options.mostUnparted;
    this.rfqs = new RfqTurn(options.state.rfqs, options.quoting, options);
  }

  /** How many events of orders without amends it has room for; others weigh more. */
  get room(): number {
    return Math.max(0, this.#mostEvents - this.#weight - this.rfqs.eventCount);
  }

  /** Whether nothing is recorded yet. */
  get isEmpty(): boolean {
    return this.#events.length + this.rfqs.eventCount === 0;
  }

  /** Whether everything that has not begun must wait for the next turn. */
  get isFull(): boolean {
    return this.room === 0;
  }

  /**
   * Does something once the turn is stored, and never if it is not: a command whose turn is lost
   * runs again, and its orders may have another fate then.
   */
  whenStored(then: () => void): void {
    this.#whenStored.push(then);
  }

  /** The turn is stored. */
  stored(): void {
    this.state.stored();
    for (const then of this.#whenStored) then();
  }

  /** Names the orders to set aside if what is done to them from now on cannot be recorded. */
  suspect(...orderIds: readonly OrderId[]): void {
    this.#suspects = { orderIds, rfqIds: [] };
  }

  /** As {@link Turn.suspect}, of a request for quote. */
  suspectRfq(rfqId: RfqId): void {
    this.#suspects = { orderIds: [], rfqIds: [rfqId] };
  }

  /** What was named last. */
  get suspects(): Suspects {
    return this.#suspects;
  }

  /** Records a new order and its first event. */
  insert(order: Order, type: OrderEventType): RecordedOrder {
    const sequence = this.state.nextSequence(order.accountId);
    const recorded = { ...order, createdSequence: sequence };
    this.#inserted.set(order.id, recorded);
    this.#record({ type, order: recorded, ...NOTHING_ABOUT, sequence, at: this.at });
    return recorded;
  }

  /** Records what happened to an order in the journal. */
  update(
    order: Order,
    type: Exclude<OrderEventType, 'FILL' | 'SELF_TRADE_PREVENTED' | 'AMEND_REJECTED'>,
  ): RecordedOrder {
    return this.#updateBy(type, order, {});
  }

  /** Records that a requested amend of an order was refused. */
  updateByRefusal(order: Order, refusedAmend: RefusedAmend): RecordedOrder {
    return this.#updateBy('AMEND_REJECTED', order, { refusedAmend });
  }

  /** Corrects an order without an event: a later event, in this turn or the next, shows it. */
  replace(order: Order): void {
    this.state.keep(this.#replace(order));
  }

  /** Changes an order without an event: storing it takes as much room as one. */
  storeAgain(order: Order): void {
    this.replace(order);
    this.#weight += eventWeight(order);
  }

  /** Records that two orders of one account met. */
  addPreventedMatch(match: PreventedMatch): void {
    this.#preventedMatches.push(match);
  }

  /** Records what one of them lost. */
  updateByPrevention(order: Order, preventedMatch: PreventedMatch): RecordedOrder {
    return this.#updateBy('SELF_TRADE_PREVENTED', order, { preventedMatch });
  }

  /** Records a fill: the order after it, and the account's position. */
  updateByFill(order: Order, fill: Fill): RecordedOrder {
    const recorded = this.#replace(order);
    const sequence = this.state.nextSequence(order.accountId);
    const recordedFill = { ...fill, sequence };
    const about = { ...NOTHING_ABOUT, fill: recordedFill };
    this.#record({ type: 'FILL', order: recorded, ...about, sequence, at: this.at });
    const volume = this.state.addVolume(fill);
    this.#dailyVolumes.set(dailyVolumeKey(volume), volume);
    const position = this.state.fillPosition(fill);
    this.#positions.set(positionKey(position.accountId, position.symbol), position);
    return recorded;
  }

  /** Notes the price of a trade on the book, which moves triggers. */
  noteTrade({ symbol, maxQuoteAgeMs }: Instrument, price: Price): void {
    const quote = tradableQuote(this.quotes.quote(symbol), { maxQuoteAgeMs }, this.now);
    this.state.noteTrade({ symbol, price }, quote);
    this.#lastPrices.set(symbol, { symbol, price });
  }

  /** Sets a switch. */
  setControl(control: TradingControl): void {
    this.state.safety.setControl(control);
    this.#controls.push(control);
  }

  /** Sets a dead man's switch, again or off. */
  setTimer(timer: CancelTimer): void {
    this.state.safety.setTimer(timer);
    this.#cancelTimers.push(timer);
  }

  /** Orders that have ended in this turn and have an exit; each is returned once. */
  endedWithExit(): readonly RecordedOrder[] {
    const ended = [...this.#inserted.values(), ...this.#updated.values()].filter(
      (order) => order.link.exit !== null && isClosed(order) && !this.#exited.has(order.id),
    );
    for (const { id } of ended) this.#exited.add(id);
    return ended;
  }

  /** An order as it is by now in this turn, even if it has been closed. */
  latest(order: RecordedOrder): RecordedOrder {
    return this.#inserted.get(order.id) ?? this.#updated.get(order.id) ?? order;
  }

  /** Sends the ledger a command, once the turn is stored. */
  tellLedger(command: FundsCommand): void {
    this.#outbox.push(command);
  }

  /** Everything to be stored. */
  changes(): ChangeSet {
    return {
      inserted: [...this.#inserted.values()],
      updated: [...this.#updated.values()],
      events: this.#events,
      positions: [...this.#positions.values()],
      preventedMatches: this.#preventedMatches,
      dailyVolumes: [...this.#dailyVolumes.values()],
      lastPrices: [...this.#lastPrices.values()],
      controls: this.#controls,
      cancelTimers: this.#cancelTimers,
      outbox: this.#outbox,
      applied: this.#applied,
      rfq: this.rfqs.changes(),
    };
  }

  #updateBy(
    type: OrderEventType,
    order: Order,
    about: Partial<Pick<OrderEvent, 'preventedMatch' | 'refusedAmend'>>,
  ): RecordedOrder {
    const recorded = this.#replace(order);
    const sequence = this.state.nextSequence(order.accountId);
    this.#record({ type, order: recorded, ...NOTHING_ABOUT, ...about, sequence, at: this.at });
    return recorded;
  }

  #replace(order: Order): RecordedOrder {
    const { createdSequence } = this.state.liveOrder(order.id);
    const recorded = { ...order, createdSequence };
    const orders = this.#inserted.has(order.id) ? this.#inserted : this.#updated;
    orders.set(order.id, recorded);
    return recorded;
  }

  #record(event: OrderEvent): void {
    this.#events.push(event);
    this.#weight += eventWeight(event.order);
    this.state.keep(event.order);
  }
}

const NOTHING_ABOUT = { fill: null, preventedMatch: null, refusedAmend: null } as const;
