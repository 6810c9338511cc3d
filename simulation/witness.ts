import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Fill } from '../subgraphs/order/domain/fill.ts';

/** A market as it was published. */
interface SeenMarket {
  readonly sequence: string;
  readonly bid: Price;
  readonly ask: Price;
  readonly mid: Price;
  /** Whether it is a market to trade on: neither stopped, suspended nor crossed. */
  readonly isTradable: boolean;
  /** By the clock that nothing sets. */
  readonly steady: number;
}

/** When an accept arrived at a process. */
interface Arrival {
  /** By the clock that can be set. */
  readonly now: number;
  /** By the clock that nothing sets. */
  readonly steady: number;
}

/** What happened outside the desk, at its true times. What the desk has stored is compared with it. */
export class Witness {
  readonly #markets = new Map<InstrumentSymbol, SeenMarket[]>();
  readonly #books = new Map<string, number>();
  readonly #levels = new Set<string>();
  readonly #arrivals = new Map<string, Arrival[]>();

  /** A market is published. */
  sawMarket(symbol: InstrumentSymbol, market: SeenMarket): void {
    const seen = this.#markets.get(symbol);
    if (seen === undefined) this.#markets.set(symbol, [market]);
    else seen.push(market);
  }

  /** The books of several venues are published, when the newest of them was the market with this sequence. */
  sawBooks(symbol: InstrumentSymbol, sequence: string, steady: number): void {
    this.#books.set(`${symbol}/${sequence}`, steady);
  }

  /** The market that was published last; null if none was. */
  lastMarket(symbol: InstrumentSymbol): SeenMarket | null {
    return this.#markets.get(symbol)?.at(-1) ?? null;
  }

  /** Whether the books of several venues were ever published. */
  hasBooks(symbol: InstrumentSymbol): boolean {
    return [...this.#books.keys()].some((key) => key.startsWith(`${symbol}/`));
  }

  /** When these books were published; null if they never were. */
  booksAt(symbol: InstrumentSymbol, sequence: string): number | null {
    return this.#books.get(`${symbol}/${sequence}`) ?? null;
  }

  /** The market with this sequence; null if there was none. */
  market(symbol: InstrumentSymbol, sequence: string): SeenMarket | null {
    return this.#markets.get(symbol)?.find((market) => market.sequence === sequence) ?? null;
  }

  /** An accept arrives at a process. @param key names it: the account and its clientOrderId */
  sawAccept(key: string, arrival: Arrival): void {
    const seen = this.#arrivals.get(key);
    if (seen === undefined) this.#arrivals.set(key, [arrival]);
    else seen.push(arrival);
  }

  /** An account is shown a firm price under this id. */
  sawLevel(accountId: string, quoteId: string): void {
    this.#levels.add(`${accountId}/${quoteId}`);
  }

  /** Whether an account was shown a firm price under this id. */
  wasShown(accountId: string, quoteId: string): boolean {
    return this.#levels.has(`${accountId}/${quoteId}`);
  }

  /** When the accept arrived that a process received at this time by the clock that can be set; null if none did. */
  arrivedAt(key: string, now: number): number | null {
    return this.#arrivals.get(key)?.find((arrival) => arrival.now === now)?.steady ?? null;
  }

  /** Whether this was the middle of a market on which the desk could trade at this time. */
  isMid(instrument: Instrument, mid: Price, steady: number): boolean {
    return this.#tradableAt(instrument, steady).some((market) => market.mid === mid);
  }

  /** Whether there was a market on which the desk could trade at this time. */
  couldTrade(instrument: Instrument, steady: number): boolean {
    return this.#tradableAt(instrument, steady).length > 0;
  }

  /** Whether a client could trade with the house at this price and time: it offers nothing past its market. */
  couldFill(
    instrument: Instrument,
    { side, price }: Pick<Fill, 'side' | 'price'>,
    steady: number,
  ): boolean {
    return this.#tradableAt(instrument, steady).some(({ bid, ask }) =>
      side === 'BUY' ? price >= ask : price <= bid,
    );
  }

  #tradableAt({ symbol, maxQuoteAgeMs }: Instrument, steady: number): readonly SeenMarket[] {
    const seen = this.#markets.get(symbol) ?? [];
    const before = seen.filter((market) => market.steady < steady).slice(-1);
    // Whether a market of the same instant came earlier or later is not known.
    const candidates = [...before, ...seen.filter((market) => market.steady === steady)];
    return candidates.filter(
      (market) => market.isTradable && steady - market.steady <= maxQuoteAgeMs,
    );
  }
}
