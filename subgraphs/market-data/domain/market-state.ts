import { assertNever } from '#shared/domain/invariant.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { Candle, CandleInterval } from './candles/candle.ts';
import { CandleChart } from './candles/candle-chart.ts';
import { ChartTicker } from './candles/chart-ticker.ts';
import { type InstrumentEvent, showsPrices } from './feed-event.ts';
import { type BookFeedEvent, FollowedBook } from './book/followed-book.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { Listeners } from './listeners.ts';
import { MarketStatus, type StatusChange } from './market-status.ts';
import type { ShownBook } from './book/order-book.ts';
import type { Quote } from './quote.ts';
import { SilentBook } from './book/silent-book.ts';
import type { Ticker } from './candles/ticker.ts';
import { isTrade, type MarketTrade, TradeTape } from './trade.ts';
import type { VenueListing } from './catalog/venue-listing.ts';

/** Trades of each instrument kept in memory; older ones are in the store. */
export const KEPT_TRADES = 1000;

/**
 * An event of a book, for its listeners; one that is left behind by the quotes, or passed by the market, is `lost` until
 * it no longer is.
 */
export type BookChange = { readonly kind: 'applied' | 'replaced' | 'lost' };

/** An event of the trades; `lost`: trades before the next one are missing. */
export type TapeChange =
  { readonly kind: 'trade'; readonly trade: MarketTrade } | { readonly kind: 'lost' };

/** What a restart finds in the store. */
export interface MarketHistory {
  /** The newest trades, oldest first. */
  readonly trades: readonly MarketTrade[];
  /** The newest candles of each interval, and a day of minutes; oldest first. */
  readonly candles: readonly Candle[];
}

/** When the book was last changed; milliseconds since the epoch. */
export interface BookTimes {
  readonly exchangeTimeMs: number | null;
  readonly receivedAtMs: number;
}

/** Everything that is known of one instrument's market now, from feed events in their order. */
export class MarketState {
  readonly instrument: Instrument;
  readonly tape: TradeTape;
  readonly chart: CandleChart;
  readonly onQuote = new Listeners<Quote>();
  readonly onBook = new Listeners<BookChange>();
  readonly onTape = new Listeners<TapeChange>();
  readonly onCandle = new Listeners<Candle>();
  /** Called when prices become suspended, or stop being so. */
  readonly onSuspension = new Listeners<boolean>();
  /** The venue of its prices. */
  readonly venue: string;
  readonly onStatus = new Listeners<StatusChange>();
  readonly #status: MarketStatus;
  #quote: Quote | null = null;
  readonly #book = new FollowedBook();
  #bookSequence = 0;
  #tradeSequence: number;
  #bookTimes: BookTimes | null = null;
  readonly #silentBook: SilentBook;
  #isBookLost = false;
  /** See {@link OrderBook.isPassed}; as of the last event. */
  #isBookPassed = false;
  #isConnected = false;
  #lastMessageAtMs: number | null = null;
  readonly #ticker = new ChartTicker();

  constructor(instrument: Instrument, venue: string, history: MarketHistory) {
    this.instrument = instrument;
    this.venue = venue;
    this.#status = new MarketStatus(instrument, (change) => this.onStatus.tell(change));
    this.#silentBook = new SilentBook(instrument.maxQuoteAgeMs);
    this.tape = new TradeTape(KEPT_TRADES, history.trades);
    this.#tradeSequence = this.tape.newest()?.sequence ?? 0;
    this.chart = new CandleChart(instrument.symbol, history);
  }

  /** What the venue's trading engine permits; null if the venue has not said so. */
  get venueStatus(): InstrumentStatus | null {
    return this.#status.venueStatus;
  }

  /** The newest quote, or null before the first. */
  get quote(): Quote | null {
    return this.#quote;
  }

  /** What rests at each price; empty before the first snapshot. */
  get book(): ShownBook {
    return this.#book.shown;
  }

  /** +1 with every change of the book, a replacement included; 0 before the first. */
  get bookSequence(): number {
    return this.#bookSequence;
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

  /** Whether the book is known, followed, not crossed, not left behind by the quotes, and not passed by the market. */
  get isBookValid(): boolean {
    const isFollowed = this.#bookTimes !== null && !this.isSuspended;
    const isLeftBehind = this.#silentBook.isSilent || this.#isBookPassed;
    return isFollowed && !isLeftBehind && !this.book.isCrossed();
  }

  /** The sequence of the newest trade; 0 before the first. */
  get tradeSequence(): number {
    return this.#tradeSequence;
  }

  /** When anything about this instrument was last received; null before the first. */
  get lastMessageAtMs(): number | null {
    return this.#lastMessageAtMs;
  }

  /** How the venue lists the instrument; null if it does not, or has not said so yet. */
  get listing(): VenueListing | null {
    return this.#status.listing;
  }

  /** Whether the venue trades it, as far as the venue says. */
  get isTradedByVenue(): boolean {
    return this.#status.isTradedByVenue;
  }

  /** Whether the instrument accepts orders: no more freely than its venue does. */
  get status(): StatusChange {
    return this.#status.now;
  }

  /** How old this quote is at this moment, and whether it can be believed. */
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

  /** What was traded in the last 24 hours, by the venue's clock; null if nothing is known of it. */
  ticker(nowMs: number): Ticker | null {
    const newest = this.tape.newest();
    if (newest === null) return null;
    // A recording is played at its own time, which passes between two trades as ours does; a late trade
    // does not set it back.
    const sinceMs = newest.exchangeTimeMs + Math.max(0, nowMs - newest.receivedAtMs);
    const atMs = Math.max(sinceMs, this.chart.newest('ONE_MINUTE')?.openTimeMs ?? -Infinity);
    return this.#ticker.at(atMs, this.chart.of('ONE_MINUTE'));
  }

  /** Applies one event about this instrument and notifies the listeners. */
  apply(event: InstrumentEvent, receivedAtMs: number): void {
    if (showsPrices(event)) this.#lastMessageAtMs = receivedAtMs;
    switch (event.kind) {
      case 'quote':
        return this.#applyQuote(event, receivedAtMs);
      case 'bookSnapshot':
      case 'bookUpdate':
        return this.#applyBook(event, receivedAtMs);
      case 'bookLost':
        if (event.isRefuted === true) this.#book.forget();
        return this.#loseBook();
      case 'trade':
        return this.#applyTrade(event, receivedAtMs);
      case 'listing':
        return this.#status.list(event.listing);
      case 'venueStatus':
        return this.#status.restrict(event.status);
      case 'tradesLost':
        return this.#loseTrades(this.tape.newest()?.exchangeTimeMs);
      case 'tradeCount':
        if (event.sequence !== this.#tradeSequence) this.#countFrom(event.sequence + 1);
        this.#tradeSequence = event.sequence;
        return;
      default:
        return assertNever(event, 'MarketState.apply');
    }
  }

  /** The market begins here: nothing earlier is missing, unless there was something. */
  open(): void {
    this.chart.open();
  }

  /** The feed's connection was made or lost; a lost one takes the book with it, and trades. */
  setConnected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#changeSuspension(() => (this.#isConnected = isConnected));
    if (isConnected) return;
    this.#loseTrades();
    this.#loseBook();
  }

  #applyQuote(event: InstrumentEvent & { kind: 'quote' }, receivedAtMs: number): void {
    const { symbol, bid, ask, exchangeTimeMs } = event;
    const sequence = (this.#quote?.sequence ?? 0) + 1;
    const quote = { symbol, bid, ask, venue: this.venue, sequence, exchangeTimeMs, receivedAtMs };
    this.#quote = quote;
    const wasSilent = this.#silentBook.isSilent;
    this.#silentBook.compare(quote, this.book);
    const { isSilent } = this.#silentBook;
    if (isSilent !== wasSilent && !this.isSuspended && !this.#isBookPassed)
      this.onBook.tell({ kind: isSilent ? 'lost' : 'replaced' });
    this.onQuote.tell(quote);
  }

  #applyBook(event: BookFeedEvent, receivedAtMs: number): void {
    const isWhole = event.kind === 'bookSnapshot';
    const wasPassed = this.#isBookPassed;
    const isBack = (wasPassed || this.#silentBook.isSilent) && !this.isSuspended;
    this.#book.follow(event);
    this.#isBookPassed = this.book.isPassed;
    this.#bookSequence += 1;
    this.#bookTimes = { exchangeTimeMs: event.exchangeTimeMs, receivedAtMs };
    this.#silentBook.change(receivedAtMs);
    // A book that arrives without a connection is an old one: it counts as lost until the venue's own.
    if (isWhole) this.#changeSuspension(() => (this.#isBookLost = !this.#isConnected));
    if (!this.#isBookPassed) this.onBook.tell({ kind: isWhole || isBack ? 'replaced' : 'applied' });
    else if (!wasPassed) this.onBook.tell({ kind: 'lost' });
    if (event.exchangeTimeMs !== null) this.#tellCandles(this.chart.advance(event.exchangeTimeMs));
  }

  #applyTrade(event: InstrumentEvent & { kind: 'trade' }, receivedAtMs: number): void {
    if (event.quantity <= 0n) return;
    if (!isTrade(event)) return this.#loseTrades(event.exchangeTimeMs);
    const { symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs } = event;
    const sequence = event.sequence ?? this.#tradeSequence + 1;
    if (sequence !== this.#tradeSequence + 1) this.#countFrom(sequence);
    this.#tradeSequence = sequence;
    const print = { symbol, tradeId, price, quantity, aggressorSide, exchangeTimeMs };
    const trade = { ...print, sequence, receivedAtMs };
    this.tape.add(trade);
    this.onTape.tell({ kind: 'trade', trade });
    this.#tellCandles(this.chart.add(trade));
  }

  /**
   * Another process counts otherwise: some trades were not received here, or only here, and what
   * was counted here beyond its count exists nowhere else.
   */
  #countFrom(sequence: number): void {
    this.tape.forgetFrom(sequence);
    this.#tradeSequence = Math.min(this.#tradeSequence, sequence - 1);
    this.#loseTrades();
  }

  /** @param sinceMs exchange time since which they are missing; from now on if omitted */
  #loseTrades(sinceMs?: number): void {
    this.#tellCandles(this.chart.interrupt('FEED_LOST', sinceMs));
    this.onTape.tell({ kind: 'lost' });
  }

  /** A book that never existed cannot be lost. */
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
