import { assertNever } from '#shared/domain/invariant.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Candle, CandleInterval } from './candle.ts';
import { CandleChart } from './candle-chart.ts';
import type { InstrumentEvent } from './feed-event.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import type { BookLevels } from './level.ts';
import { Listeners } from './listeners.ts';
import { OrderBook } from './order-book.ts';
import type { Quote } from './quote.ts';
import { type MarketTrade, TradeTape } from './trade.ts';

/** Trades of each instrument kept in memory; older ones are the store's. */
export const KEPT_TRADES = 1000;

/** What happened to a book, as its listeners hear it. */
export type BookChange = { readonly kind: 'applied' | 'replaced' | 'lost' };

/** What happened on the tape; `lost`: trades before the next one are missing. */
export type TapeChange =
  { readonly kind: 'trade'; readonly trade: MarketTrade } | { readonly kind: 'lost' };

/** What a restart finds in the store. */
export interface MarketHistory {
  /** The newest trades, oldest first. */
  readonly trades: readonly MarketTrade[];
  /** Candles that were forming. */
  readonly candles: readonly Candle[];
}

/** When the book was last changed; milliseconds since the epoch. */
export interface BookTimes {
  readonly exchangeTimeMs: number | null;
  readonly receivedAtMs: number;
}

/** All that is known of one instrument's market now, fed by feed events in their order. */
export class MarketState {
  readonly instrument: Instrument;
  readonly book = new OrderBook();
  readonly tape: TradeTape;
  readonly chart: CandleChart;
  readonly onQuote = new Listeners<Quote>();
  readonly onBook = new Listeners<BookChange>();
  readonly onTape = new Listeners<TapeChange>();
  readonly onCandle = new Listeners<Candle>();
  /** Told when prices become, or stop being, suspended. */
  readonly onSuspension = new Listeners<boolean>();
  readonly #venue: string;
  #quote: Quote | null = null;
  #tradeSequence: number;
  #bookTimes: BookTimes | null = null;
  #isBookLost = false;
  #isConnected = false;
  #lastMessageAtMs: number | null = null;

  constructor(instrument: Instrument, venue: string, history: MarketHistory) {
    this.instrument = instrument;
    this.#venue = venue;
    this.tape = new TradeTape(KEPT_TRADES, history.trades);
    this.#tradeSequence = this.tape.newest()?.sequence ?? 0;
    this.chart = new CandleChart(instrument.symbol, history);
  }

  /** The newest quote, or null before the first. */
  get quote(): Quote | null {
    return this.#quote;
  }

  /** When the book last changed; null before its first snapshot. */
  get bookTimes(): BookTimes | null {
    return this.#bookTimes;
  }

  /** Whether the book was lost and is being rebuilt. */
  get isBookLost(): boolean {
    return this.#isBookLost;
  }

  /** Whether what is shown must not be traded on: no connection, or the book is being rebuilt. */
  get isSuspended(): boolean {
    return !this.#isConnected || this.#isBookLost;
  }

  /** The sequence of the newest trade; 0 before the first. */
  get tradeSequence(): number {
    return this.#tradeSequence;
  }

  /** When anything about this instrument last came; null before the first. */
  get lastMessageAtMs(): number | null {
    return this.#lastMessageAtMs;
  }

  /** How old this quote is at this moment, and whether to believe it. */
  freshnessOf(quote: Quote, nowMs: number): Freshness {
    return freshnessOf({
      receivedAtMs: quote.receivedAtMs,
      nowMs,
      maxAgeMs: this.instrument.maxQuoteAgeMs,
      isSuspended: this.isSuspended,
    });
  }

  /** The newest candle of an interval; see {@link CandleChart}. */
  newestCandle(interval: CandleInterval): Candle | null {
    return this.chart.newest(interval);
  }

  /** Takes in one event about this instrument and tells the listeners. */
  apply(event: InstrumentEvent, receivedAtMs: number): void {
    this.#lastMessageAtMs = receivedAtMs;
    switch (event.kind) {
      case 'quote':
        return this.#applyQuote(event, receivedAtMs);
      case 'bookSnapshot':
      case 'bookUpdate':
        return this.#applyBook(event, receivedAtMs);
      case 'bookLost':
        return this.#loseBook();
      case 'trade':
        return this.#applyTrade(event, receivedAtMs);
      case 'tradesLost':
        this.chart.interrupt();
        return this.onTape.tell({ kind: 'lost' });
      default:
        return assertNever(event, 'MarketState.apply');
    }
  }

  /** The feed's connection was made or was lost; a lost one takes the book with it. */
  setConnected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#changeSuspension(() => (this.#isConnected = isConnected));
    if (isConnected) return;
    this.chart.interrupt();
    this.#loseBook();
  }

  #applyQuote(event: InstrumentEvent & { kind: 'quote' }, receivedAtMs: number): void {
    const { symbol, bid, ask, exchangeTimeMs } = event;
    const sequence = (this.#quote?.sequence ?? 0) + 1;
    const quote = { symbol, bid, ask, venue: this.#venue, sequence, exchangeTimeMs, receivedAtMs };
    this.#quote = quote;
    this.onQuote.tell(quote);
  }

  #applyBook(
    event: InstrumentEvent & { kind: 'bookSnapshot' | 'bookUpdate' },
    receivedAtMs: number,
  ): void {
    const levels: BookLevels = event;
    const isWhole = event.kind === 'bookSnapshot';
    if (isWhole) this.book.replace(levels);
    else this.book.apply(levels);
    this.#bookTimes = { exchangeTimeMs: event.exchangeTimeMs, receivedAtMs };
    if (isWhole) this.#changeSuspension(() => (this.#isBookLost = false));
    this.onBook.tell({ kind: isWhole ? 'replaced' : 'applied' });
    if (event.exchangeTimeMs !== null) this.#tellCandles(this.chart.advance(event.exchangeTimeMs));
  }

  #applyTrade(event: InstrumentEvent & { kind: 'trade' }, receivedAtMs: number): void {
    const { kind: _kind, ...print } = event;
    this.#tradeSequence += 1;
    const trade = { ...print, sequence: this.#tradeSequence, receivedAtMs };
    this.tape.add(trade);
    this.onTape.tell({ kind: 'trade', trade });
    this.#tellCandles(this.chart.add(trade));
  }

  /** A book that was never there cannot be lost. */
  #loseBook(): void {
    if (this.#isBookLost || this.#bookTimes === null) return;
    this.#changeSuspension(() => (this.#isBookLost = true));
    this.onBook.tell({ kind: 'lost' });
  }

  #changeSuspension(change: () => void): void {
    const before = this.isSuspended;
    change();
    if (this.isSuspended !== before) this.onSuspension.tell(this.isSuspended);
  }

  #tellCandles(candles: readonly Candle[]): void {
    for (const candle of candles) this.onCandle.tell(candle);
  }
}
