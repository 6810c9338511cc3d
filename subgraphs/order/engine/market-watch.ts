import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { steadySubscription } from '#shared/events/steady-subscription.ts';
import type { MarketDepth } from '#shared/events/topics.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Instruments } from '../domain/ports/instruments.ts';
import type { BuiltInVenue } from '../venue/built-in-venue.ts';
import type { House } from '../venue/house.ts';
import type { MarketPricer } from '../venue/market-pricer.ts';
import type { Journal } from './journal.ts';
import { MarketSilence } from './market-silence.ts';
import { matchMarketMove } from './match-market-move.ts';
import type { TriggerWatch } from './triggers/trigger-watch.ts';
import type { Turn } from './turn.ts';

/** What following the market needs. */
export interface MarketWatchOptions {
  readonly bus: EventBus;
  readonly house: House;
  readonly venue: BuiltInVenue;
  readonly pricer: MarketPricer;
  readonly instruments: Instruments;
  readonly journal: Journal;
  readonly triggers: TriggerWatch;
  readonly logger: Logger;
}

/**
 * Follows the market: the house quotes after it, and where it moves through resting orders they
 * trade. However fast it ticks, at most one command per instrument waits for the journal, and none
 * unless an order is really reached.
 */
export class MarketWatch {
  readonly #options: MarketWatchOptions;
  readonly #waiting = new Set<InstrumentSymbol>();
  readonly #silence: MarketSilence;
  readonly #stopping = new AbortController();

  constructor(options: MarketWatchOptions) {
    this.#options = options;
    this.#silence = new MarketSilence(options.logger);
  }

  /** Listens from now on, and if the bus is away, from when it is back. */
  start(): void {
    void this.#follow();
    void this.#followBooks();
    this.#silence.start();
  }

  /** Stops listening. */
  stop(): void {
    this.#silence.stop();
    this.#stopping.abort();
  }

  async #follow(): Promise<void> {
    const { signal: stopping } = this.#stopping;
    // Only the newest depth counts, so a gap needs no care.
    for await (const signal of steadySubscription(this.#options.bus, 'market.depth', stopping))
      if (signal.kind === 'message') this.#hear(signal.message);
  }

  async #followBooks(): Promise<void> {
    const { bus, pricer } = this.#options;
    const { signal: stopping } = this.#stopping;
    for await (const signal of steadySubscription(bus, 'market.consolidated', stopping))
      if (signal.kind === 'message') pricer.hearConsolidated(signal.message);
  }

  #hear(depth: MarketDepth): void {
    const { house, venue, pricer, instruments, journal, logger } = this.#options;
    this.#silence.heard();
    house.hear(depth);
    pricer.hear(depth);
    instruments.hearStatus(depth.symbol, depth.status);
    this.#options.triggers.look(depth.symbol);
    const instrument = instruments.get(depth.symbol);
    if (instrument === undefined || this.#waiting.has(depth.symbol)) return;
    if (!venue.isReachedByMarket(instrument)) return;
    this.#waiting.add(depth.symbol);
    journal
      .runThrough((turn) => this.#matchAfterMarketMove(turn, depth.symbol))
      .catch((cause: unknown) => {
        // The next tick tries again.
        this.#waiting.delete(depth.symbol);
        logger.warn({ err: cause, symbol: depth.symbol }, 'matching against a market move failed');
      });
  }

  #matchAfterMarketMove(turn: Turn, symbol: InstrumentSymbol): boolean {
    this.#waiting.delete(symbol);
    const instrument = turn.instruments.get(symbol);
    return instrument === undefined || matchMarketMove(turn, instrument);
  }
}
