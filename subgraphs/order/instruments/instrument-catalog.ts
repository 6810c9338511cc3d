import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { Instrument, InstrumentStatus } from '#shared/domain/instrument.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SubgraphClient } from '#shared/subgraph/subgraph-client.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { MarketQuotes } from '../domain/ports/market-quotes.ts';
import type { ReferenceQuote } from '../domain/rules/price-collar.ts';
import { UnavailableError } from '../domain/ports/unavailable-error.ts';
import { fetchInstruments } from './fetch-instruments.ts';

const REFRESH_MS = 30_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;
/** An unknown symbol makes us ask again, but invented ones not more often than this. */
const FORCED_REFRESH_MS = 1000;

/** What the catalog needs. */
export interface InstrumentCatalogOptions {
  readonly marketData: SubgraphClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The instruments in memory, refreshed in the background, with the markets that were known when they were read. */
export class InstrumentCatalog implements Instruments, MarketQuotes {
  readonly #options: InstrumentCatalogOptions;
  readonly #closing = new AbortController();
  #instruments = new Map<InstrumentSymbol, Instrument>();
  #quotes = new Map<InstrumentSymbol, ReferenceQuote | null>();
  #refreshing: Promise<void> | null = null;
  /** What is heard while a refresh is under way: its answer may be older. */
  readonly #heard = new Map<InstrumentSymbol, InstrumentStatus>();
  /** By the clock that nothing sets. */
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(options: InstrumentCatalogOptions) {
    this.#options = options;
  }

  /** Whether market-data has answered at least once. */
  get isLoaded(): boolean {
    return this.#refreshedAt > Number.NEGATIVE_INFINITY;
  }

  get(symbol: InstrumentSymbol): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  quote(symbol: InstrumentSymbol): ReferenceQuote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  async find(symbol: InstrumentSymbol): Promise<Instrument | undefined> {
    const known = this.get(symbol);
    const isRecent = steadyNow(this.#options.clock) - this.#refreshedAt < FORCED_REFRESH_MS;
    if (known !== undefined || isRecent) return known;
    await this.#refresh().catch((cause: unknown) => {
      throw new UnavailableError('Instrument data is temporarily unavailable.', cause);
    });
    return this.get(symbol);
  }

  hearStatus(symbol: InstrumentSymbol, status: InstrumentStatus): void {
    if (this.#refreshing !== null) this.#heard.set(symbol, status);
    const known = this.get(symbol);
    if (known !== undefined && known.status !== status)
      this.#instruments.set(symbol, { ...known, status });
  }

  /**
   * Asks until market-data has answered, and from then on in the background.
   * @throws when the catalog is closed before there was an answer
   */
  async start(): Promise<void> {
    const { signal } = this.#closing;
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      if (await this.#refreshOrWarn()) break;
      await pause(waitMs, undefined, { signal });
    }
    void this.#keepFresh().catch(() => undefined);
  }

  /** Stops asking. */
  close(): void {
    this.#closing.abort();
  }

  /** Ends by the throw of its pause, when the catalog is closed. */
  async #keepFresh(): Promise<never> {
    for (;;) {
      await pause(REFRESH_MS, undefined, { signal: this.#closing.signal });
      await this.#refreshOrWarn();
    }
  }

  async #refreshOrWarn(): Promise<boolean> {
    try {
      await this.#refresh();
      return true;
    } catch (cause) {
      this.#options.logger.warn({ err: cause }, 'could not refresh the instruments');
      return false;
    }
  }

  /** One refresh at a time: all who ask during one share it. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#fetch().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #fetch(): Promise<void> {
    this.#heard.clear();
    const listed = await fetchInstruments(this.#options.marketData);
    this.#instruments = new Map(
      listed.map(({ instrument: one }) => {
        const status = this.#heard.get(one.symbol) ?? one.status;
        return [one.symbol, { ...one, status }];
      }),
    );
    // A market-data that has just started knows no market, and the last one still counts.
    this.#quotes = new Map(
      listed.map(({ instrument: { symbol }, quote }) => [symbol, quote ?? this.quote(symbol)]),
    );
    this.#refreshedAt = steadyNow(this.#options.clock);
  }
}
