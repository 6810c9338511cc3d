import { setTimeout as sleep } from 'node:timers/promises';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { Clock } from '#shared/domain/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FeedBatch, MarketFeed } from '../market-feed.ts';
import { Backoff } from './backoff.ts';
import { type ConnectionTiming, VENUE_TIMING } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { VenueConnection } from './venue-connection.ts';
import type { VenueProtocol } from './venue-protocol.ts';
import { VenueRequests } from './venue-requests.ts';

/** A venue's live market data over one connection at a time, replaced whenever it is lost. */
export class LiveFeed implements MarketFeed {
  readonly venue: string;
  readonly isPausable = false;
  readonly #protocol: VenueProtocol;
  readonly #symbols: ReadonlyMap<string, InstrumentSymbol>;
  readonly #timing: ConnectionTiming;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #tap: FrameTap | undefined;
  readonly #requests: VenueRequests;

  /** @param options.symbols the venue's symbol → ours */
  constructor(options: {
    readonly protocol: VenueProtocol;
    readonly symbols: ReadonlyMap<string, InstrumentSymbol>;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly timing?: ConnectionTiming;
    /** Those to the same venue, if there are others. */
    readonly requests?: VenueRequests;
    /** Receives all frames as they arrive. */
    readonly tap?: FrameTap;
  }) {
    this.venue = options.protocol.venue;
    this.#protocol = options.protocol;
    this.#symbols = options.symbols;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#tap = options.tap;
    this.#requests = options.requests ?? new VenueRequests();
    this.#timing = options.timing ?? VENUE_TIMING;
  }

  /** Reports a lost connection immediately, before reconnecting. */
  async *events(signal: AbortSignal): AsyncGenerator<FeedBatch, void> {
    const backoff = new Backoff({ ...this.#timing.reconnect, random: Math.random });
    while (!signal.aborted) {
      const connection = new VenueConnection({
        url: this.#protocol.url(),
        messagesAtOnce: this.#protocol.messagesAtOnce,
        conversation: this.#protocol.converse(this.#symbols),
        timing: this.#timing,
        clock: this.#clock,
        logger: this.#logger,
        requests: this.#requests,
        maxAgeMs: Math.min(this.#timing.maxAgeMs, this.#protocol.maxAgeMs),
        tap: this.#tap,
      });
      yield* connection.batches(signal);
      yield [{ kind: 'connection', isConnected: false }];
      const isProven = connection.ageMs > this.#timing.provenMs;
      if (isProven) backoff.reset();
      // A planned end needs no pause before the next connection, unless it was planned from the beginning.
      if (isProven && connection.isOld) continue;
      await sleep(backoff.nextMs(), undefined, { signal }).catch(() => undefined);
    }
  }
}
