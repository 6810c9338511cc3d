import type { Instrument } from '#shared/domain/instrument.ts';
import { changesBetween } from '../../domain/book/book-window.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { BookLevels } from '../../domain/book/level.ts';
import { integerBetween, type Random } from '../random.ts';
import { SimSide } from './sim-side.ts';

/** A step moves the mid price by at most its 20,000th part; levels are at most that far apart. */
const MOVES_PER_PRICE = 20_000;
/** The share of the distance to its start that the mid price is pulled back at each step. */
const PULL = 0.0005;
const WIDEST_HALF_SPREAD_TICKS = 3;
const TRADE_PROBABILITY = 0.5;

/** The starting point of a simulated instrument. */
export interface SimProfile {
  /** Price at the start, in ticks. */
  readonly startTicks: number;
  /** Usual quantity of a level, in steps. */
  readonly usualSteps: number;
}

/**
 * A simulated market of one instrument: a mid price on a random walk with a pull back to its start, a
 * two-sided book around it that never crosses, and quotes and trades that agree with the book. Its
 * random numbers determine everything.
 */
export class SimMarket {
  readonly #instrument: Instrument;
  readonly #random: Random;
  readonly #startTicks: number;
  readonly #stride: number;
  readonly #bids: SimSide;
  readonly #asks: SimSide;
  #midTicks: number;
  /** The book as last published; null before a snapshot. */
  #told: BookLevels | null = null;

  constructor(instrument: Instrument, profile: SimProfile, random: Random) {
    this.#instrument = instrument;
    this.#random = random;
    this.#startTicks = profile.startTicks;
    this.#midTicks = profile.startTicks;
    this.#stride = Math.max(1, Math.round(profile.startTicks / MOVES_PER_PRICE));
    const side = { instrument, random, spacing: this.#stride, usualSteps: profile.usualSteps };
    this.#bids = new SimSide({ ...side, side: 'bid' });
    this.#asks = new SimSide({ ...side, side: 'ask' });
  }

  /** Moves the market: perhaps a trade, then the changed book and its quote. */
  step(exchangeTimeMs: number, nextTradeId: () => string): FeedEvent[] {
    const events: FeedEvent[] = [];
    if (this.#told !== null && this.#random() < TRADE_PROBABILITY)
      events.push(this.#trade(exchangeTimeMs, nextTradeId()));
    this.#move();
    const levels = { bids: this.#bids.levels(), asks: this.#asks.levels() };
    const book = this.#bookEvent(levels, exchangeTimeMs);
    this.#told = levels;
    if (book !== null) events.push(book);
    const { symbol } = this.#instrument;
    const [bid, ask] = [this.#bids.best(), this.#asks.best()];
    return [...events, { kind: 'quote', symbol, bid, ask, exchangeTimeMs }];
  }

  /** Makes the next step publish the whole book, for consumers that lost it. */
  forgetTold(): void {
    this.#told = null;
  }

  #trade(exchangeTimeMs: number, tradeId: string): FeedEvent {
    const aggressorSide = this.#random() < 0.5 ? 'BUY' : 'SELL';
    const taken = (aggressorSide === 'BUY' ? this.#asks : this.#bids).take();
    const { symbol } = this.#instrument;
    return { kind: 'trade', symbol, tradeId, ...taken, aggressorSide, exchangeTimeMs };
  }

  #move(): void {
    const random = this.#random;
    const pull = Math.round((this.#startTicks - this.#midTicks) * PULL);
    const moved = this.#midTicks + pull + integerBetween(random, -this.#stride, this.#stride);
    this.#midTicks = Math.max(WIDEST_HALF_SPREAD_TICKS + 1, moved);
    const halfSpread = integerBetween(random, 1, WIDEST_HALF_SPREAD_TICKS);
    this.#bids.moveTo(this.#midTicks - halfSpread);
    this.#asks.moveTo(this.#midTicks + halfSpread);
    this.#bids.stir();
    this.#asks.stir();
  }

  #bookEvent(levels: BookLevels, exchangeTimeMs: number): FeedEvent | null {
    const { symbol } = this.#instrument;
    if (this.#told === null) return { kind: 'bookSnapshot', symbol, exchangeTimeMs, ...levels };
    const changes = changesBetween(this.#told, levels);
    return changes && { kind: 'bookUpdate', symbol, exchangeTimeMs, ...changes };
  }
}
