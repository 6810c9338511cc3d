import { setTimeout as sleep } from 'node:timers/promises';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { MarketFeed } from '../market-feed.ts';
import { Backoff } from './backoff.ts';
import { type ConnectionTiming, VENUE_TIMING } from './connection-timing.ts';
import { VenueConnection } from './venue-connection.ts';
import type { VenueProtocol } from './venue-protocol.ts';

/** A venue's live market data: one connection at a time, made anew whenever it is lost. */
export class LiveFeed implements MarketFeed {
  readonly venue: string;
  readonly isPausable = false;
  readonly #protocol: VenueProtocol;
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly #timing: ConnectionTiming;
  readonly #logger: Logger;

  /** @param options.symbols the venue's symbol → ours */
  constructor(options: {
    readonly protocol: VenueProtocol;
    readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
    readonly logger: Logger;
    readonly timing?: ConnectionTiming;
  }) {
    this.venue = options.protocol.venue;
    this.#protocol = options.protocol;
    this.#symbols = options.symbols;
    this.#logger = options.logger;
    this.#timing = options.timing ?? VENUE_TIMING;
  }

  /** A lost connection is told at once, before anything is done about it. */
  async *events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    const backoff = new Backoff({ ...this.#timing.reconnect, random: Math.random });
    while (!signal.aborted) {
      const connection = new VenueConnection({
        url: this.#protocol.url(this.#symbols),
        conversation: this.#protocol.converse(this.#symbols),
        timing: this.#timing,
        logger: this.#logger,
      });
      yield* connection.batches(signal);
      yield [{ kind: 'connection', isConnected: false }];
      if (connection.ageMs > this.#timing.provenMs) backoff.reset();
      await sleep(backoff.nextMs(), undefined, { signal }).catch(() => undefined);
    }
  }
}
