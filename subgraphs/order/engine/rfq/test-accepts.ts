import { expect } from 'vitest';
import type { AccountId, ClientOrderId, ClientRfqId, OrderId, RfqId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { MarketDepth } from '#shared/events/topics.ts';
import { FEE_TIERS } from '../../domain/fee-tier.ts';
import type { FundsOutcome } from '../../domain/ports/funds.ts';
import type { RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import type { RfqRefusal } from '../../domain/rfq/rfq-refusal.ts';
import { RFQ_SETTINGS, type RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import { money, NOW_MS, quantity, STILL } from '../../domain/test-orders.ts';
import type { TradingState } from '../../domain/trading-control.ts';
import { MarketPricer } from '../../venue/market-pricer.ts';
import { HouseInventory } from '../house-inventory.ts';
import { resolveHold } from '../resolve-hold.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { RfqEngine } from './rfq-engine.ts';

/** The account of the requests. */
export const ANNA = 'anna' as AccountId;
/** The first request of a world. */
export const RFQ = 'rfq' as RfqId;
/** The ledger has placed the hold. */
export const APPLIED: FundsOutcome = { kind: 'APPLIED', free: null };

const THIN_ASKS = [
  ['100.01', '2'],
  ['100.50', '48'],
] as const;

/** The limits of the house. */
const LIMITED = { bps: 0, inventoryLimit: money('1000') };

/** Which quote is accepted, and when the accept arrived; the newest one and now if omitted. */
interface AcceptedWhen {
  readonly quote?: RfqQuote;
  readonly arrivedAt?: number;
}

/** A desk that can have BTC worth up to 1,000, with one quote for 2 BTC that stays firm for long. */
export class AcceptWorld {
  /** The committed turns. */
  readonly store = new MemoryJournalStore();
  /** The time on the clock. */
  now = NOW_MS;
  /** How far the clock was set forward, or back if below zero, in milliseconds. */
  #setForward = 0;
  readonly #mostEvents: number | undefined;
  readonly #settings: RfqSettings;
  readonly #inventory = new HouseInventory();
  readonly #pricer = new MarketPricer(
    { ...RFQ_SETTINGS.pricing, skew: LIMITED },
    this.#inventory,
    STILL,
  );
  /** The desk itself. */
  desk: ReturnType<typeof startDesk>;
  /** Why the last accept was refused; null before. */
  refusal: RfqRefusal | null = null;
  /** Receives requests and accepts. */
  engine: RfqEngine;

  /** @param mostEvents the most events of a turn; the journal's own limit if omitted */
  constructor(mostEvents?: number, quoteLifeMs = 30_000) {
    this.#mostEvents = mostEvents;
    this.#settings = { ...RFQ_SETTINGS, quoteLifeMs };
    this.desk = this.#start();
    this.engine = new RfqEngine(this.desk.journal);
  }

  /** Sets the clock forward, or back if below zero, by milliseconds. */
  setClock(ms: number): void {
    this.now += ms;
    this.#setForward += ms;
  }

  /** Another process has the books from now on. */
  restart(): void {
    this.desk = this.#start();
    this.engine = new RfqEngine(this.desk.journal);
  }

  /** Publishes a market around 100, or this many ticks above. */
  market(isSuspended = false, status: MarketDepth['status'] = 'TRADING', ticks = 0): void {
    const [bid = '', ask = ''] = [9999 + ticks, 10_001 + ticks].map((count) =>
      (count / 100).toFixed(2),
    );
    const levels = { bids: [[bid, '50']], asks: [[ask, '50']] } as const;
    this.#hear({ ...levels, sequence: `${this.now}/${ticks}`, status, suspended: isSuspended });
  }

  /** Publishes a market with these asks: 2 BTC at 100.01 and many more at 100.50, if they are omitted. */
  thinMarket(asks: MarketDepth['asks'] = THIN_ASKS): void {
    const about = { sequence: `${this.now}`, status: 'TRADING', suspended: false } as const;
    this.#hear({ ...about, bids: [['99.99', '50']], asks });
  }

  /** What the market asks for a quantity as a whole, whatever the house has. */
  askedFor(size: Quantity): Price | null {
    const whole = { side: 'BUY', quantity: size, tier: FEE_TIERS[0], taken: 0n } as const;
    return this.#pricer.priceBeyond(whole, INSTRUMENT, this.now);
  }

  #hear(about: Omit<MarketDepth, 'symbol' | 'receivedAtMs'>): void {
    const depth = { ...about, symbol: SYMBOL, receivedAtMs: this.now };
    this.#pricer.hear(depth);
    this.desk.house.hear(depth);
  }

  /** Requests a quote. */
  async quoted(id = RFQ, size = '2'): Promise<void> {
    const names = { id, clientRfqId: `c-${id}` as ClientRfqId, accountId: ANNA };
    const asked = { quantity: quantity(size), quoteQuantity: null };
    const rfq = { ...names, symbol: SYMBOL, side: 'BUY', size: asked } as const;
    expect(await this.engine.request(rfq, INSTRUMENT)).toMatchObject({
      quote: { source: 'MACHINE' },
    });
  }

  /** Accepts the newest quote of a request. @returns the immediate answer */
  async accept(id = RFQ, instrument: Instrument = INSTRUMENT, about: AcceptedWhen = {}) {
    const quotes = [...this.store.rfq.quotes.values()].filter(({ rfqId }) => rfqId === id);
    const { quote = quotes.at(-1), arrivedAt = this.now } = about;
    if (quote?.ask == null) throw new Error(`There is no ask for ${id}.`);
    const terms = {
      ...({ quoteId: quote.id, symbol: SYMBOL, side: 'BUY', maxSlippageBps: 0 } as const),
      ...{ clientOrderId: `o-${id}` as ClientOrderId, ...quote.ask },
    };
    const orderId = orderIdOf(id);
    const sender = { accountId: ANNA, userId: null };
    const command = { ...sender, rfqId: id, terms, orderId, arrivedAt, comparisonToken: null };
    const made = await this.engine.accept(command, instrument);
    if (made.kind !== 'refused') return made.kind;
    this.refusal = made.refusal;
    return made.refusal.reason;
  }

  /** Answers the hold of an accept. */
  async answerHold(outcome: FundsOutcome = APPLIED, id = RFQ): Promise<void> {
    const answer = { orderId: orderIdOf(id), outcome, instrument: INSTRUMENT };
    await this.desk.journal.run((turn) => {
      resolveHold(turn, answer);
    });
  }

  /** Starts a journal turn, as the watch does. */
  async turn(): Promise<void> {
    await this.desk.journal.run(() => undefined);
  }

  #start() {
    const quoting = { pricer: this.#pricer, settings: this.#settings };
    const mostEvents = this.#mostEvents;
    const clock = { now: () => this.now, steadyNow: () => this.now - this.#setForward };
    const desk = startDesk(this.store, { ...clock, quoting, skew: LIMITED, mostEvents });
    desk.journal.listen(this.#inventory);
    return desk;
  }

  /** Sets Anna's switch. */
  async setTradingState(tradingState: TradingState): Promise<void> {
    const scope = { kind: 'account', accountId: ANNA } as const;
    await this.desk.safety.setTradingState({
      scope,
      tradingState,
      reason: 'a drill',
      actor: 'desk',
    });
  }

  /** The status of a request with the reason, and of its order. */
  state(id = RFQ) {
    const state = this.store.rfq.rfqs.get(id)?.state;
    const reason = state?.status === 'REJECTED' ? ` ${state.rejectReason}` : '';
    return `${state?.status}${reason} / ${this.store.orders.get(orderIdOf(id))?.state.status}`;
  }
}

/** The order by which a request is accepted. */
export const orderIdOf = (id: RfqId) => `order-${id}` as OrderId;
