import type {
  AccountId,
  ClientOrderId,
  ClientRfqId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
  UserId,
} from '#shared/domain/ids.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../../domain/order.ts';
import type { LevelFrame, ShownLevel } from '../../domain/rfq/price-level.ts';
import type { QuotePricer } from '../../domain/rfq/quote-pricer.ts';
import type { QuoteBasis, QuoteSide } from '../../domain/rfq/rfq-quote.ts';
import { RFQ_SETTINGS, type RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import { NOW_MS, quantity, STILL } from '../../domain/test-orders.ts';
import { MarketPricer } from '../../venue/market-pricer.ts';
import { INSTRUMENT, MemoryJournalStore, startDesk, SYMBOL } from '../test-journal.ts';
import { answerHolds } from '../test-placement.ts';
import { LevelDesk } from './level-desk.ts';
import { LevelEngine } from './level-engine.ts';

/** A firm level, as one account was shown it. */
export interface Offer {
  readonly account: string;
  readonly shown: Extract<ShownLevel, { readonly kind: 'firm' }>;
}

/** The terms of an accept, and whose it is. */
export interface LevelAccept {
  readonly account: string;
  readonly quoteId: QuoteId;
  readonly side: OrderSide;
  readonly offered: QuoteSide;
  readonly symbol?: InstrumentSymbol;
  readonly arrivedAt?: number;
}

/** A desk that streams levels. The store is in memory and time stands still; everything else is real. */
export class LevelWorld {
  readonly store = new MemoryJournalStore();
  readonly settings: RfqSettings;
  readonly marketPricer: MarketPricer;
  now = NOW_MS;
  /** How often anything was priced. */
  pricings = 0;
  /** Whose prices they are; null for the desk's own. */
  outside: QuoteBasis['outside'] = null;
  /** Whom the last price was for. */
  wantedBy: readonly UserId[] = [];
  desk: ReturnType<typeof startDesk>;
  levels: LevelDesk;
  engine: LevelEngine;
  #ids = 0;
  /** By how much the clock was set back, in milliseconds. */
  #setBackMs = 0;

  constructor(settings: Partial<RfqSettings> = {}) {
    this.settings = { ...RFQ_SETTINGS, ...settings };
    const nothing = { of: () => 0n };
    this.marketPricer = new MarketPricer({ ...this.settings.pricing, skew: null }, nothing, STILL);
    [this.desk, this.levels, this.engine] = this.#start();
  }

  /** Reads the books, as a process does at its start. */
  async begin(): Promise<this> {
    this.market(10_000);
    await this.desk.journal.start();
    return this;
  }

  /** Restarts with what is stored. */
  async restart(): Promise<void> {
    [this.desk, this.levels, this.engine] = this.#start();
    await this.desk.journal.start();
  }

  /** Moves the market to within a cent of this price, and prices the levels when they are due. */
  market(cents: number, suspended = false): void {
    const at = (offset: number): [string, string] => [((cents + offset) / 100).toFixed(2), '100'];
    this.marketPricer.hear({
      ...{ symbol: SYMBOL, sequence: `${this.now}`, suspended, status: 'TRADING' },
      ...{ bids: [at(-1)], asks: [at(1)], receivedAtMs: this.now },
    });
  }

  /** Lets time pass, and prices the levels then. */
  wait(ms: number): void {
    this.now += ms;
    this.levels.look();
  }

  /** Sets the clock back; durations go on. */
  setClockBack(ms: number): void {
    this.now -= ms;
    this.#setBackMs += ms;
  }

  /** Follows levels for an account. @throws Error with the reason if that is refused */
  follow(account: string, sizes: readonly Quantity[] = [quantity('1')], user = `${account}-user`) {
    const [accountId, userId] = [account as AccountId, user as UserId];
    const opened = this.engine.open({ accountId, userId, symbol: SYMBOL, sizes });
    if (opened.kind === 'refused') throw new Error(opened.refusal.reason);
    return opened.frames;
  }

  /** Takes a level. @returns the immediate answer: `pending`, or the reason */
  async accept(accept: LevelAccept, user = `${accept.account}-user`): Promise<string> {
    const number = (this.#ids += 1);
    const { account, quoteId, side, offered, symbol = SYMBOL, arrivedAt = this.now } = accept;
    const made = await this.engine.accept({
      terms: {
        ...{ quoteId, symbol, side, ...offered, maxSlippageBps: 0 },
        clientOrderId: `o-${number}` as ClientOrderId,
      },
      ...{ accountId: account as AccountId, userId: user as UserId },
      rfqId: `rfq-${number}` as RfqId,
      clientRfqId: `c-${number}` as ClientRfqId,
      orderId: `order-${number}` as OrderId,
      ...{ arrivedAt, comparisonToken: null },
    });
    return made.kind === 'refused' ? made.refusal.reason : made.kind;
  }

  /** Answers every hold: the funds are available. */
  async answerHolds(): Promise<void> {
    await answerHolds(this.desk, this.store);
  }

  #start(): [ReturnType<typeof startDesk>, LevelDesk, LevelEngine] {
    const clock = { now: () => this.now, steadyNow: () => this.now + this.#setBackMs };
    const pricer: QuotePricer = {
      prepare: () => this.marketPricer.prepare(),
      price: (...asked) => {
        this.pricings += 1;
        this.wantedBy = [...(asked[0].wantedBy ?? [])];
        const { outside } = this;
        const priced = this.marketPricer.price(...asked);
        const basis = priced?.basis ?? null;
        return priced === null || basis === null
          ? null
          : { ...priced, basis: { ...basis, outside } };
      },
      priceBeyond: (...asked) =>
        this.outside === null ? this.marketPricer.priceBeyond(...asked) : null,
      midPrice: (...asked) => this.marketPricer.midPrice(...asked),
      room: (...asked) => this.marketPricer.room(...asked),
    };
    const quoting = { pricer, settings: this.settings };
    const desk = startDesk(this.store, { ...clock, quoting });
    const instruments = { get: () => INSTRUMENT };
    const newId = () => `level-${(this.#ids += 1)}`;
    const levels = new LevelDesk({ journal: desk.journal, quoting, instruments, clock, newId });
    return [desk, levels, new LevelEngine(desk.journal, levels)];
  }
}

/** The next frame of a stream. @throws Error if the stream has ended */
export async function nextFrame(frames: AsyncIterator<LevelFrame>): Promise<LevelFrame> {
  const result = await frames.next();
  if (result.done === true) throw new Error('The stream of levels is over.');
  return result.value;
}

/** The firm level of a frame at this place. @throws Error if there is none */
export function firmOf({ levels }: LevelFrame, index = 0) {
  const shown = levels[index];
  if (shown?.kind !== 'firm') throw new Error(`There is no level: ${shown?.refusal.reason}`);
  return shown;
}

/** The accept of a level's ask, with unaltered terms. */
export function buying(account: string, shown: ReturnType<typeof firmOf>): LevelAccept {
  const { ask } = shown.level;
  if (ask === null) throw new Error('The level has no ask.');
  return { account, quoteId: shown.quoteId, side: 'BUY', offered: ask };
}
