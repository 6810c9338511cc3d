import { once } from 'node:events';
import type { BusSignal, EventBus } from '#shared/events/event-bus.ts';
import type { SharedState } from '#shared/events/shared-state.ts';
import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { FeedMessage } from '#shared/events/topics.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { StoredCounts } from '../../domain/history.ts';
import type { MarketState } from '../../domain/market-state.ts';
import type { Markets } from '../../domain/markets.ts';
import type { FeedBatch, MarketFeed } from '../market-feed.ts';
import type { FeedDuty } from './feed-duty.ts';
import { FeedFollower } from './feed-follower.ts';
import { feedEvents, feedText } from './feed-text.ts';
import { deeperLevels, marketEvents, marketSnapshot } from './market-snapshot.ts';
import { steadySubscription } from '#shared/events/steady-subscription.ts';
import { TickingReader } from './ticking-reader.ts';
import { countsBehind } from './trade-counts.ts';

const LOST: readonly FeedEvent[] = [{ kind: 'connection', isConnected: false }];
/** How often to check for a change of duty, and to show the others that this process is alive. */
const TICK_MS = 250;
/**
 * How often the state is kept for processes that start while nobody reads the feed. They show it as stale until the
 * venue sends its own, and everything waits while it is written.
 */
const KEEP_EVERY_TICKS = 8;
const KEPT_DEPTH = 20;
/** At most this many levels of a book go into one message. */
const TOLD_DEPTH = 1000;
/** About 4 MB of a whole state, and the pause before more of it. */
const TOLD_AT_ONCE = 50_000;
const TELL_EVERY_MS = 100;

/** What a relayed feed needs. */
export interface RelayParts {
  readonly duty: Pick<FeedDuty, 'isHeld' | 'terms'> & { readonly owner: string };
  readonly bus: EventBus;
  readonly state: SharedState;
  /** Reads how far the trades of this feed's instruments are stored; never rejects. */
  readonly storedCounts: () => Promise<StoredCounts>;
  /** About how many levels of a whole state are published at once. */
  readonly toldAtOnce?: number;
}

/**
 * A feed that one of several processes reads and publishes to the others. Any of them can take over:
 * the process that takes the duty connects to the venue; until then it follows the reader.
 */
export class RelayedFeed implements MarketFeed {
  readonly venue: string;
  readonly isPausable = false;
  readonly #feed: MarketFeed;
  readonly #markets: Markets;
  readonly #parts: RelayParts;
  #sequence = 0;
  /** The markets that the whole state in progress has not told yet. */
  #untold: MarketState[] = [];
  #toldAtMs = -Infinity;

  /** @param markets the markets that this feed updates; events are published after they are applied there */
  constructor(feed: MarketFeed, markets: Markets, parts: RelayParts) {
    this.venue = feed.venue;
    this.#feed = feed;
    this.#markets = markets;
    this.#parts = parts;
  }

  async *events(signal: AbortSignal): AsyncGenerator<FeedBatch, void> {
    const kept = await this.#parts.state.get(this.#keptName).catch(() => null);
    if (kept !== null) yield feedEvents(kept);
    while (!signal.aborted) {
      if (this.#parts.duty.isHeld) yield* this.#lead(signal);
      else yield* this.#follow(signal);
      yield LOST;
    }
  }

  /** Reads the venue, and publishes the events that were applied here. */
  async *#lead(signal: AbortSignal): AsyncGenerator<FeedBatch, void> {
    const term = new AbortController();
    const { tradedToMs } = this.#markets;
    const reading = silentAtEnd(
      (ended) => this.#feed.events(ended, tradedToMs),
      AbortSignal.any([signal, term.signal]),
    );
    const { bus, duty } = this.#parts;
    const asked = watchRequests(steadySubscription(bus, 'market.feed.request', term.signal), this);
    const reader = new TickingReader(reading, TICK_MS);
    let counted = duty.terms;
    try {
      yield await this.#countsBehindStored();
      this.#beginWhole();
      for (let tick = 0; !signal.aborted;) {
        const step = await reader.read();
        if (!duty.isHeld || (step !== 'tick' && step.done === true)) return;
        if (duty.terms !== counted) {
          counted = duty.terms;
          yield await this.#countsBehindStored();
        }
        if (step === 'tick') this.#keepState((tick += 1));
        else {
          const taken: FeedEvent[] = [];
          // After the `yield` the events have been applied.
          yield noted(step.value, taken);
          this.#tell('events', taken);
        }
        this.#tellPart(performance.now());
        if (this.#untold.length === 0 && asked.take()) this.#beginWhole();
      }
    } finally {
      term.abort();
      await reading.return(undefined);
    }
  }

  /** Follows the process that reads the venue; when that falls silent, everything is stale. */
  async *#follow(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    const { bus, duty } = this.#parts;
    const term = new AbortController();
    const subscription = steadySubscription(bus, 'market.feed', term.signal);
    const ask = () => bus.publish('market.feed.request', { venue: this.venue });
    const follower = new FeedFollower(this.venue, ask);
    const reader = new TickingReader(subscription, TICK_MS);
    try {
      while (!signal.aborted && !duty.isHeld) {
        const step = await reader.read();
        if (step === 'tick') yield follower.tick(performance.now());
        else if (step.done !== true) yield follower.hear(step.value, performance.now());
      }
    } finally {
      term.abort();
    }
  }

  async #countsBehindStored(): Promise<readonly FeedEvent[]> {
    return countsBehind(await this.#parts.storedCounts(), this.#markets);
  }

  #keepState(tick: number): void {
    this.#tell('events', []);
    if (tick % KEEP_EVERY_TICKS !== 0) return;
    const text = feedText(marketSnapshot(this.#markets, KEPT_DEPTH));
    // The next state follows.
    this.#parts.state.put(this.#keptName, text).catch(() => undefined);
  }

  #beginWhole(): void {
    this.#tell('snapshot', []);
    this.#untold = [...this.#markets.all()];
    this.#tellPart(performance.now());
  }

  /**
   * Goes on with a whole state, between what happens meanwhile: Redis cuts off a listener for whom tens of
   * megabytes wait. Of each market it has every level at once, because no event repeats a level that does not
   * change for hours.
   */
  #tellPart(nowMs: number): void {
    if (this.#untold.length === 0 || nowMs < this.#toldAtMs + TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    for (let levels = 0; levels < (this.#parts.toldAtOnce ?? TOLD_AT_ONCE);) {
      const market = this.#untold.shift();
      if (market === undefined) return;
      levels += market.book.size;
      const { symbol } = market.instrument;
      this.#tell('rest', marketEvents(market, TOLD_DEPTH), [symbol]);
      for (const piece of deeperLevels(market, TOLD_DEPTH)) this.#tell('rest', [piece]);
    }
  }

  /** @param told the instruments whose part of the whole state begins with this */
  #tell(
    kind: FeedMessage['kind'],
    events: readonly FeedEvent[],
    told: readonly InstrumentSymbol[] = [],
  ): void {
    this.#sequence += 1;
    this.#parts.bus.publish('market.feed', {
      venue: this.venue,
      kind,
      reader: this.#parts.duty.owner,
      sequence: this.#sequence,
      isConnected: this.#markets.status().state !== 'DISCONNECTED',
      events: feedText(events),
      tradeSequences: Object.fromEntries(this.#countsTold(kind, events)),
      told,
    });
  }

  /** The counts of the instruments that traded: there are many instruments, and few trade at once. */
  #countsTold(
    kind: FeedMessage['kind'],
    events: readonly FeedEvent[],
  ): readonly (readonly [string, number])[] {
    if (kind === 'snapshot')
      return Array.from(this.#markets.all(), (one) => [one.instrument.symbol, one.tradeSequence]);
    const traded = new Set(events.flatMap((event) => (event.kind === 'trade' ? event.symbol : [])));
    return Array.from(traded, (symbol) => [symbol, this.#markets.get(symbol)?.tradeSequence ?? 0]);
  }

  get #keptName(): string {
    return `feed:${this.venue}`;
  }
}

/** The same events, each added to `taken` when it is taken. */
function* noted(events: FeedBatch, taken: FeedEvent[]): Generator<FeedEvent, void> {
  for (const event of events) {
    taken.push(event);
    yield event;
  }
}

/** The events of a feed, then silence until `signal` aborts. */
async function* silentAtEnd(
  begin: (signal: AbortSignal) => AsyncIterable<FeedBatch>,
  signal: AbortSignal,
): AsyncGenerator<FeedBatch, undefined> {
  yield* begin(signal);
  if (!signal.aborted) await once(signal, 'abort');
}

/** Notes that a follower asked for the whole state; one answer serves all of them. */
function watchRequests(
  requests: AsyncIterable<BusSignal<{ readonly venue: string }>>,
  { venue }: Pick<MarketFeed, 'venue'>,
) {
  let isAsked = false;
  const watch = async () => {
    for await (const signal of requests)
      if (signal.kind === 'gap' || signal.message.venue === venue) isAsked = true;
  };
  void watch();
  return {
    take: () => {
      const wasAsked = isAsked;
      isAsked = false;
      return wasAsked;
    },
  };
}
