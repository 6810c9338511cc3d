// A bus that cannot be listened to for a while: the one that reads goes on, and the others come back.
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { BusSubscription } from '#shared/events/event-bus.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { MemorySharedState } from '#shared/events/test-memory-shared-state.ts';
import type { FeedMessage, Topic, Topics } from '#shared/events/topics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { MarketState } from '../../domain/market-state.ts';
import type { Markets } from '../../domain/markets.ts';
import { BTC_USDT, ETH_USDT, levels, TestMarket } from '../../test-market.ts';
import { FeedRunner } from '../feed-runner.ts';
import type { MarketFeed } from '../market-feed.ts';
import { SimFeed } from '../sim/sim-feed.ts';
import { FeedDuty } from './feed-duty.ts';
import { RelayedFeed } from './relayed-feed.ts';

/** A second is short on a busy machine. */
const PATIENCE = { timeout: 20_000 };
const logger = createLogger({ unit: 'test', level: 'silent' });

/** A bus to which nobody can subscribe while it is away. */
class TestBus extends MemoryEventBus {
  isAway = false;
  refused = 0;
  /** How many levels the largest part of a whole state has. */
  most = 0;
  /** Of how many books it had parts before anything else that happened, at most. */
  booksAtOnce = 0;
  #books = 0;

  override publish<T extends Topic>(topic: T, message: Topics[T]): void {
    const { kind, events = '' } = message as Partial<FeedMessage>;
    if (kind !== 'events') this.most = Math.max(this.most, events.split('"price"').length - 1);
    this.#books = kind === 'rest' ? this.#books + events.split('"bookSnapshot"').length - 1 : 0;
    this.booksAtOnce = Math.max(this.booksAtOnce, this.#books);
    super.publish(topic, message);
  }

  override subscribe<T extends Topic>(topic: T): Promise<BusSubscription<Topics[T]>> {
    if (!this.isAway) return super.subscribe(topic);
    this.refused += 1;
    return Promise.reject(new Error('the bus is away'));
  }
}

/** More levels than go into one message. */
const LEVELS = Array.from({ length: 2500 }, (_, index) => index + 1);

/** A venue that halts an instrument, tells two books, and then is quiet. */
const quietFeed: MarketFeed = {
  venue: 'test',
  isPausable: false,
  async *events(signal): AsyncGenerator<readonly FeedEvent[], void> {
    const sides = {
      bids: levels(LEVELS.map((below) => `1 @ ${5000 - below}`).join(', ')),
      asks: levels(LEVELS.map((above) => `1 @ ${5000 + above}`).join(', ')),
    };
    yield [
      { kind: 'connection', isConnected: true },
      { kind: 'venueStatus', symbol: BTC_USDT.symbol, status: 'HALTED' },
      ...[BTC_USDT, ETH_USDT].map(({ symbol }): FeedEvent => {
        return { kind: 'bookSnapshot', symbol, exchangeTimeMs: null, ...sides };
      }),
    ];
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
};

/** A venue that goes on changing its books until they are still. */
function busyFeed(isStill: () => boolean): MarketFeed {
  return {
    venue: 'test',
    isPausable: false,
    async *events(signal) {
      for await (const batch of quietFeed.events(AbortSignal.abort(), null)) yield batch;
      for (let change = 2; !isStill(); change += 1) {
        await pause(5);
        const sides = { bids: levels(`${change} @ 4999`), asks: levels(`${change} @ 9000`) };
        yield [BTC_USDT, ETH_USDT].map(({ symbol }): FeedEvent => {
          return { kind: 'bookUpdate', symbol, exchangeTimeMs: null, ...sides };
        });
      }
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
}

function btcOf(markets: Markets): MarketState {
  return markets.get(BTC_USDT.symbol) as MarketState;
}

/** Nothing is stored. */
const storedCounts = () => Promise.resolve(new Map<string, number>());

describe('a relayed feed', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Starts processes with one feed. @returns the markets of the next one */
  function starter(bus: MemoryEventBus, feed: MarketFeed, toldAtOnce?: number) {
    const state = new MemorySharedState();
    return async () => {
      const desk = new TestMarket();
      desk.connect(false);
      const duty = new FeedDuty({ state, bus }, 'test', logger);
      await duty.start();
      ends.push(() => duty.stop());
      const parts = { duty, bus, state, storedCounts, ...(toldAtOnce && { toldAtOnce }) };
      const runner = new FeedRunner({
        feed: new RelayedFeed(feed, desk.markets, parts),
        markets: desk.markets,
        audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
        clock: desk.clock,
        logger,
      });
      runner.start('immediately');
      ends.push(() => runner.stop());
      return desk.markets;
    };
  }

  it('is read again, with whole books, by a process that has the duty for the second time', async () => {
    const state = new MemorySharedState();
    const desk = new TestMarket();
    desk.connect(false);
    const bus = new MemoryEventBus();
    const duty = new FeedDuty({ state, bus }, 'test', logger);
    await duty.start();
    ends.push(() => duty.stop());
    const instruments = [...desk.markets.all()].map(({ instrument }) => instrument);
    const feed = new SimFeed({ instruments, seed: 1, speed: 1, clock: systemClock });
    const runner = new FeedRunner({
      feed: new RelayedFeed(feed, desk.markets, { duty, bus, state, storedCounts }),
      markets: desk.markets,
      audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
      clock: systemClock,
      logger,
    });
    runner.start('immediately');
    ends.push(() => runner.stop());
    await vi.waitUntil(() => desk.market.isBookValid, PATIENCE);
    await state.release('feed:test', duty.owner);
    await state.hold('feed:test', 'another', 1000);
    await vi.waitUntil(() => desk.market.isSuspended, PATIENCE);
    await vi.waitUntil(() => duty.isHeld && desk.market.isBookValid, PATIENCE);
    expect(desk.markets.status().state).toBe('CONNECTED');
  });

  it('is read by the one on duty while the bus cannot be listened to, and followed to the last level by the others when it is back', async () => {
    const bus = new TestBus();
    const start = starter(bus, quietFeed);
    bus.isAway = true;
    const reader = btcOf(await start());
    const follower = btcOf(await start());
    const statuses = new Set<string>();
    follower.onBook.add(() => statuses.add(follower.status.status));
    await vi.waitUntil(() => reader.isBookValid, PATIENCE);
    await vi.waitUntil(() => bus.refused > 3, PATIENCE);
    expect(follower.isBookValid).toBe(false);
    bus.isAway = false;
    await vi.waitUntil(() => follower.isBookValid, PATIENCE);
    await vi.waitUntil(() => follower.book.size === reader.book.size, PATIENCE);
    expect(follower.book.top(Infinity)).toEqual(reader.book.top(Infinity));
    // It never shows a book before it knows that nothing is traded at its prices.
    expect([...statuses]).toEqual(['HALTED']);
    // As many of each side of one book.
    expect(bus.most).toBe(2 * 1000);
  });

  it('reaches others part by part, with all that changes in between', async () => {
    let isStill = false;
    const bus = new TestBus();
    const start = starter(
      bus,
      busyFeed(() => isStill),
      1,
    );
    const reader = await start();
    await vi.waitUntil(() => btcOf(reader).isBookValid, PATIENCE);
    const follower = await start();
    const wrong: string[] = [];
    for (const { instrument, book, onBook } of follower.all())
      onBook.add(({ kind }) => {
        if (kind === 'applied' && book.size < LEVELS.length) wrong.push(instrument.symbol);
      });
    const isWhole = () => [...follower.all()].every(({ isBookValid }) => isBookValid);
    await vi.waitUntil(isWhole, PATIENCE);
    isStill = true;
    const booksOf = (markets: Markets) => [...markets.all()].map(({ book }) => book.top(Infinity));
    await vi.waitUntil(() => isDeepStrictEqual(booksOf(follower), booksOf(reader)), PATIENCE);
    expect(wrong).toEqual([]);
    expect(bus.booksAtOnce).toBe(1);
  });
});
