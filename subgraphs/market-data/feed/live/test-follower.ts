// Whoever follows a venue in a test: a live feed and its markets, compared with the venue's truth.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#shared/domain/clock.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { Markets } from '../../domain/markets.ts';
import { findFrameFiles } from '../recording/frame-file.ts';
import { FrameSession } from '../recording/frame-session.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { LiveFeed } from './live-feed.ts';
import type { VenueScript } from './test-venue-script.ts';

/** Patient enough for a busy machine: only {@link SILENCE} is waited for. */
export const TIMING: ConnectionTiming = {
  connectMs: 5000,
  quietMs: 100,
  silentMs: 10_000,
  reviewMs: 20,
  provenMs: 0,
  reconnect: { baseMs: 20, maxMs: 100 },
  rebuild: { baseMs: 100, maxMs: 400 },
  maxAgeMs: Infinity,
  overlapMs: 100,
  fetchMs: 5000,
};

/** Of a venue whose silence, or another's, a test waits for. */
export const SILENCE = { silentMs: 2000 } as const;

interface FollowerOptions {
  readonly tap?: FrameTap | undefined;
  readonly strangers?: readonly (readonly [string, InstrumentSymbol])[];
}

/** A feed, the markets that it moves, and what was wrong with them. */
export class TestFollower {
  readonly markets: Markets;
  /** Books that were shown as good and that the venue has never had. */
  wrong = 0;
  /** Every event, in its order. */
  readonly heard: FeedEvent[] = [];
  /** The newest time of a change or a trade. */
  newestMs: number | null = null;
  readonly script: VenueScript;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /** @param strangers instruments that it asks for and the venue does not have */
  constructor(
    script: VenueScript,
    origin: string,
    timing: ConnectionTiming,
    { tap, strangers = [] }: FollowerOptions = {},
  ) {
    this.script = script;
    const { truth } = script;
    const instruments = [...truth.markets.all()].map(({ instrument }) => instrument);
    this.markets = new Markets({ instruments, venue: truth.markets.venue, nowMs: 0 });
    const feed = new LiveFeed({
      protocol: script.protocol(origin),
      symbols: new Map([...truth.symbols, ...strangers]),
      // Once it is connected, our clock is that of the recording.
      clock: { now: () => this.newestMs ?? systemClock.now() },
      logger: createLogger({ unit: 'test', level: 'silent' }),
      timing,
      ...(tap === undefined ? {} : { tap }),
    });
    this.#running = this.#follow(feed);
  }

  /** Resolves when every book is good and the venue's of this moment. */
  async untilRight(): Promise<void> {
    await until(() => this.script.truth.isNow(this.markets));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #follow(feed: LiveFeed): Promise<void> {
    for await (const batch of feed.events(this.#stopping.signal))
      for (const event of batch) {
        this.heard.push(event);
        if (event.kind === 'bookUpdate' || event.kind === 'trade')
          this.newestMs = Math.max(this.newestMs ?? 0, event.exchangeTimeMs ?? 0);
        this.markets.apply(event, 0);
        this.#look();
      }
  }

  #look(): void {
    for (const market of this.markets.all()) {
      const isShown = !market.isSuspended && market.bookTimes !== null;
      if (isShown && !this.script.truth.hasBeen(market)) this.wrong += 1;
    }
  }
}

/** The events of a recording of a script's venue. */
export async function playedAgain(script: VenueScript, folder: string): Promise<FeedEvent[]> {
  const paths = [...(await findFrameFiles(folder)).values()].flat();
  const protocol = script.protocol('http://nowhere');
  const session = new FrameSession({ protocol, symbols: script.truth.symbols, paths });
  const events: FeedEvent[] = [];
  for await (const { decode } of session.moments()) events.push(...decode());
  return events;
}

/** Resolves when the condition has come true. @throws Error if it takes far too long */
export async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 15_000; !condition(); await sleep(5))
    if (performance.now() > deadline) throw new Error('The condition did not come true in 15 s.');
}
