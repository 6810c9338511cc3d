import type { Instrument } from '#shared/domain/instrument.ts';
import { type FeedEvent, type InstrumentEvent, showsPrices } from './feed-event.ts';
import type { FeedState, FeedStatus } from './feed-status.ts';
import { type MarketHistory, MarketState } from './market-state.ts';

const NO_HISTORY: MarketHistory = { trades: [], candles: [] };

/** Markets by their instrument. */
export interface MarketList {
  /** Undefined for a symbol that the desk does not have. */
  get(symbol: string): MarketState | undefined;
  all(): Iterable<MarketState>;
}

/** The markets of every instrument and the state of the feed that moves them. */
export class Markets implements MarketList {
  readonly venue: string;
  readonly #markets: ReadonlyMap<string, MarketState>;
  #isConnected = false;
  #connections = 0;
  #gapCount = 0;
  #lastMessageAtMs: number | null = null;
  #tradedToMs: number | null = null;
  #state: FeedState = 'DISCONNECTED';
  #sinceMs: number;

  /** @param history what a restart found in the store, by symbol */
  constructor(options: {
    readonly instruments: Iterable<Instrument>;
    readonly venue: string;
    readonly nowMs: number;
    readonly history?: ReadonlyMap<string, MarketHistory>;
  }) {
    this.venue = options.venue;
    this.#sinceMs = options.nowMs;
    this.#markets = new Map(
      [...options.instruments].map((instrument): [string, MarketState] => [
        instrument.symbol,
        new MarketState(
          instrument,
          options.venue,
          options.history?.get(instrument.symbol) ?? NO_HISTORY,
        ),
      ]),
    );
  }

  /** One instrument's market; undefined for a symbol that the desk does not have. */
  get(symbol: string): MarketState | undefined {
    return this.#markets.get(symbol);
  }

  /** Every market, by symbol. */
  all(): Iterable<MarketState> {
    return this.#markets.values();
  }

  /** Applies one event of the feed; one about an unknown instrument changes nothing. */
  apply(event: FeedEvent, nowMs: number): void {
    if (event.kind === 'connection') this.#setConnected(event);
    else this.#applyToMarket(event, nowMs);
    if (event.kind === 'quote' || event.kind === 'bookUpdate' || event.kind === 'trade') return;
    this.#followState(nowMs);
  }

  /**
   * Exchange time of the newest trade that this process has received in any of them; null before
   * the first.
   */
  get tradedToMs(): number | null {
    return this.#tradedToMs;
  }

  /** The feed as it is now. */
  status(): FeedStatus {
    return {
      venue: this.venue,
      state: this.#state,
      sinceMs: this.#sinceMs,
      lastMessageAtMs: this.#lastMessageAtMs,
      reconnects: Math.max(0, this.#connections - 1),
      gapCount: this.#gapCount,
    };
  }

  #applyToMarket(event: InstrumentEvent, nowMs: number): void {
    const market = this.#markets.get(event.symbol);
    const receivedAtMs = ('receivedAtMs' in event ? event.receivedAtMs : undefined) ?? nowMs;
    if (showsPrices(event)) this.#noteMessage(receivedAtMs, nowMs);
    if (event.kind === 'trade')
      this.#tradedToMs = Math.max(this.#tradedToMs ?? -Infinity, event.exchangeTimeMs);
    // A book that is already lost cannot be lost again.
    const isBookLoss = event.kind === 'bookLost' && market?.isBookLost !== true;
    if (isBookLoss || event.kind === 'tradesLost') this.#gapCount += 1;
    market?.apply(event, receivedAtMs);
  }

  /** A state from another process can be older than what was received; what is after now is from before a clock was set back. */
  #noteMessage(receivedAtMs: number, nowMs: number): void {
    const last = this.#lastMessageAtMs;
    const isNewest = last === null || last > nowMs || receivedAtMs > last;
    if (isNewest) this.#lastMessageAtMs = receivedAtMs;
  }

  #setConnected({ isConnected, isOpening }: FeedEvent & { kind: 'connection' }): void {
    if (isConnected && !this.#isConnected) this.#connections += 1;
    this.#isConnected = isConnected;
    for (const market of this.#markets.values()) {
      if (isOpening === true) market.open();
      market.setConnected(isConnected);
    }
  }

  /** Only losses, snapshots, listings and the connection itself can change the state. */
  #followState(nowMs: number): void {
    // A venue sends no book again of what it has delisted.
    const isReconciling = [...this.#markets.values()].some(
      ({ isBookLost, status }) => isBookLost && status.status !== 'CLOSED',
    );
    const connected = isReconciling ? 'RECONCILING' : 'CONNECTED';
    const state = this.#isConnected ? connected : 'DISCONNECTED';
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = nowMs;
  }
}
